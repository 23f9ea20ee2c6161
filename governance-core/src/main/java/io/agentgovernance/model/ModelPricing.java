// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * List prices of a model, used to reserve money before a call. Immutable and thread safe.
 *
 * @param promptPerToken US dollars per prompt token
 * @param completionPerToken US dollars per completion token
 */
public record ModelPricing(BigDecimal promptPerToken, BigDecimal completionPerToken) {
  /** A model that costs nothing. */
  public static final ModelPricing FREE = new ModelPricing(BigDecimal.ZERO, BigDecimal.ZERO);

  public ModelPricing {
    notNegative("promptPerToken", promptPerToken);
    notNegative("completionPerToken", completionPerToken);
  }

  /** Returns the exact price of so many tokens, in US dollars. */
  public BigDecimal cost(long promptTokens, long completionTokens) {
    return promptPerToken
        .multiply(BigDecimal.valueOf(promptTokens))
        .add(completionPerToken.multiply(BigDecimal.valueOf(completionTokens)));
  }

  private static void notNegative(String name, BigDecimal value) {
    if (requireNonNull(value, name).signum() < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }
}

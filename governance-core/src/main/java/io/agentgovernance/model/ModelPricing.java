// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * List prices of a model, used to reserve money before a call. Immutable and thread safe.
 *
 * @param promptPerToken US dollars per prompt token
 * @param completionPerToken US dollars per completion token
 * @param perCall US dollars per call, whatever its length
 */
public record ModelPricing(
    BigDecimal promptPerToken, BigDecimal completionPerToken, BigDecimal perCall) {
  /** A model that costs nothing. */
  public static final ModelPricing FREE = new ModelPricing(BigDecimal.ZERO, BigDecimal.ZERO);

  public ModelPricing {
    notNegative("promptPerToken", promptPerToken);
    notNegative("completionPerToken", completionPerToken);
    notNegative("perCall", perCall);
  }

  /** Prices of tokens only. */
  public ModelPricing(BigDecimal promptPerToken, BigDecimal completionPerToken) {
    this(promptPerToken, completionPerToken, BigDecimal.ZERO);
  }

  /** Returns the exact price of one call of so many tokens, in US dollars. */
  public BigDecimal cost(long promptTokens, long completionTokens) {
    return promptPerToken
        .multiply(BigDecimal.valueOf(promptTokens))
        .add(completionPerToken.multiply(BigDecimal.valueOf(completionTokens)))
        .add(perCall);
  }

  private static void notNegative(String name, BigDecimal value) {
    if (requireNonNull(value, name).signum() < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }
}

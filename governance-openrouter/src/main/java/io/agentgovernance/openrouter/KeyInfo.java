// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * What OpenRouter says of the key in use. Amounts are US dollars. Immutable and thread safe.
 *
 * @param label its name; OpenRouter's default is a masked form of the key
 * @param limit the most it may spend; empty if that is not limited
 * @param limitRemaining what is left of that; empty if it is not limited
 * @param usage what it has spent
 * @param freeTier whether its account has never bought credit
 * @param expiresAt when it ends; empty if it does not
 */
public record KeyInfo(
    String label,
    Optional<BigDecimal> limit,
    Optional<BigDecimal> limitRemaining,
    BigDecimal usage,
    boolean freeTier,
    Optional<Instant> expiresAt) {

  /** Leaves the label out. */
  @Override
  public String toString() {
    return "KeyInfo[limit="
        + limit
        + ", limitRemaining="
        + limitRemaining
        + ", usage="
        + usage
        + "]";
  }
}

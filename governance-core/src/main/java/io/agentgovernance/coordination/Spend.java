// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * What was spent, exactly: settled sums, what is reserved for calls in flight, and what stays
 * charged as an estimate because the outcome of a call is unknown.
 *
 * @param calls settled model calls
 * @param promptTokens settled prompt tokens
 * @param completionTokens settled completion tokens
 * @param cost settled cost in US dollars
 * @param reservedTokens tokens reserved for calls in flight
 * @param reservedCost cost reserved for calls in flight, in US dollars
 * @param estimatedTokens tokens charged at their reservation
 * @param estimatedCost cost charged at its reservation, in US dollars
 */
public record Spend(
    long calls,
    long promptTokens,
    long completionTokens,
    BigDecimal cost,
    long reservedTokens,
    BigDecimal reservedCost,
    long estimatedTokens,
    BigDecimal estimatedCost) {

  /** Nothing spent. */
  public static final Spend NONE =
      new Spend(0, 0, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO);

  public Spend {
    requireNonNull(cost, "cost");
    requireNonNull(reservedCost, "reservedCost");
    requireNonNull(estimatedCost, "estimatedCost");
  }

  /** Settled tokens, prompt and completion. */
  public long tokens() {
    return promptTokens + completionTokens;
  }

  /**
   * Says whether these are the real sums: nothing in them is reserved for a call in flight, or
   * charged as an estimate for one whose end nobody saw.
   */
  public boolean exact() {
    return reservedTokens == 0
        && reservedCost.signum() == 0
        && estimatedTokens == 0
        && estimatedCost.signum() == 0;
  }

  /** Tokens that count against a budget: settled, reserved and estimated. */
  public long committedTokens() {
    return tokens() + reservedTokens + estimatedTokens;
  }

  /** Cost in US dollars that counts against a budget: settled, reserved and estimated. */
  public BigDecimal committedCost() {
    return cost.add(reservedCost).add(estimatedCost);
  }

  /** With a reservation added. */
  public Spend reserved(long tokens, BigDecimal amount) {
    return new Spend(
        calls,
        promptTokens,
        completionTokens,
        cost,
        reservedTokens + tokens,
        reservedCost.add(amount),
        estimatedTokens,
        estimatedCost);
  }

  /** With a reservation taken back. */
  public Spend released(long tokens, BigDecimal amount) {
    return reserved(-tokens, amount.negate());
  }

  /** With a settled call added. */
  public Spend settled(long prompt, long completion, BigDecimal amount) {
    return new Spend(
        calls + 1,
        promptTokens + prompt,
        completionTokens + completion,
        cost.add(amount),
        reservedTokens,
        reservedCost,
        estimatedTokens,
        estimatedCost);
  }

  /** With an estimate added. */
  public Spend estimated(long tokens, BigDecimal amount) {
    return new Spend(
        calls,
        promptTokens,
        completionTokens,
        cost,
        reservedTokens,
        reservedCost,
        estimatedTokens + tokens,
        estimatedCost.add(amount));
  }
}

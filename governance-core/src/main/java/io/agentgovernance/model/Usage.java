// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a model call consumed, as its provider counts. Immutable and thread safe.
 *
 * @param promptTokens tokens read, cached ones included
 * @param completionTokens tokens written, reasoning included
 * @param cachedPromptTokens the part of {@code promptTokens} that came from a cache
 * @param reasoningTokens the part of {@code completionTokens} that was reasoning
 * @param costUsd the price in US dollars, or null if the provider did not say
 */
public record Usage(
    long promptTokens,
    long completionTokens,
    long cachedPromptTokens,
    long reasoningTokens,
    @Nullable BigDecimal costUsd) {
  /** Nothing consumed, at no cost. */
  public static final Usage ZERO = new Usage(0, 0, 0, 0, BigDecimal.ZERO);

  public Usage {
    notNegative("promptTokens", promptTokens);
    notNegative("completionTokens", completionTokens);
    notNegative("cachedPromptTokens", cachedPromptTokens);
    notNegative("reasoningTokens", reasoningTokens);
    if (costUsd != null && costUsd.signum() < 0) {
      throw new IllegalArgumentException("costUsd must not be negative but was " + costUsd);
    }
  }

  /** A usage of which neither cached nor reasoning tokens are known. */
  public Usage(long promptTokens, long completionTokens, @Nullable BigDecimal costUsd) {
    this(promptTokens, completionTokens, 0, 0, costUsd);
  }

  /** Returns a usage whose cost is unknown. */
  public static Usage of(long promptTokens, long completionTokens) {
    return new Usage(promptTokens, completionTokens, null);
  }

  /** Returns prompt and completion tokens together. */
  public long totalTokens() {
    return Math.addExact(promptTokens, completionTokens);
  }

  /**
   * Returns the exact sum. Its cost is unknown if either cost is.
   *
   * @throws ArithmeticException if a sum exceeds a long
   */
  public Usage plus(Usage other) {
    return new Usage(
        Math.addExact(promptTokens, other.promptTokens),
        Math.addExact(completionTokens, other.completionTokens),
        Math.addExact(cachedPromptTokens, other.cachedPromptTokens),
        Math.addExact(reasoningTokens, other.reasoningTokens),
        costUsd == null || other.costUsd == null ? null : costUsd.add(other.costUsd));
  }

  /** Returns a copy with this cost in US dollars. */
  public Usage withCost(BigDecimal usd) {
    return new Usage(promptTokens, completionTokens, cachedPromptTokens, reasoningTokens, usd);
  }

  private static void notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Function;

/**
 * What is wrong with a {@link FaultyCoordination} or a {@link FaultyCheckpointStore}. All cases are
 * immutable and thread safe.
 */
public sealed interface StoreFault {

  /** Calls fail, and nothing takes effect. */
  record Unavailable() implements StoreFault {}

  /** Calls take effect, and then fail: the answer is lost on its way. */
  record LostAnswer() implements StoreFault {}

  /**
   * Calls take this much longer, by the time source of the store; an interrupt does not shorten it.
   */
  record Slow(Duration delay) implements StoreFault {
    public Slow {
      requireNonNull(delay, "delay");
    }
  }

  /** Calls wait until released and go through then; an interrupted one fails. */
  record Hang() implements StoreFault {}

  /** Calls the function of this fault's case; exhaustive, also on Java 17. */
  default <R> R match(
      Function<Unavailable, R> unavailable,
      Function<LostAnswer, R> lostAnswer,
      Function<Slow, R> slow,
      Function<Hang, R> hang) {
    if (this instanceof Unavailable f) {
      return unavailable.apply(f);
    } else if (this instanceof LostAnswer f) {
      return lostAnswer.apply(f);
    } else if (this instanceof Slow f) {
      return slow.apply(f);
    } else if (this instanceof Hang f) {
      return hang.apply(f);
    }
    throw new AssertionError(this);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.Function;

/** What is wrong with a {@link FaultyPolicy}. All cases are immutable and thread safe. */
public sealed interface PolicyFault {

  /** It throws. */
  record Throw() implements PolicyFault {}

  /** It returns null. */
  record NullVerdict() implements PolicyFault {}

  /** It does not come back until released or interrupted; interrupted, it throws. */
  record Hang() implements PolicyFault {}

  /** It takes this much longer, by its time source; interrupted, it answers at once. */
  record Slow(Duration delay) implements PolicyFault {
    public Slow {
      requireNonNull(delay, "delay");
    }
  }

  /** Calls the function of this fault's case; exhaustive, also on Java 17. */
  default <R> R match(
      Function<Throw, R> throwing,
      Function<NullVerdict, R> nullVerdict,
      Function<Hang, R> hang,
      Function<Slow, R> slow) {
    if (this instanceof Throw f) {
      return throwing.apply(f);
    } else if (this instanceof NullVerdict f) {
      return nullVerdict.apply(f);
    } else if (this instanceof Hang f) {
      return hang.apply(f);
    } else if (this instanceof Slow f) {
      return slow.apply(f);
    }
    throw new AssertionError(this);
  }
}

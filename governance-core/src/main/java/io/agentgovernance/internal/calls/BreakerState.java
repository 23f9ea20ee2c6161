// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker knows, to be kept for a resumed run. Immutable.
 *
 * @param state the state; a half-open breaker comes back as an open one whose wait is over, because
 *     its probe is gone
 * @param failures consecutive failures while closed
 * @param openings how often it opened since it was last closed
 * @param probeAt when the next probe may be made, or null if calls are let through
 * @param generation the number of transitions so far
 */
public record BreakerState(
    Breaker.State state, int failures, int openings, @Nullable Instant probeAt, long generation) {
  public BreakerState {
    requireNonNull(state, "state");
    if (failures < 0 || openings < 0 || generation < 0) {
      throw new BadInputException(
          "breaker state",
          "failures " + failures + ", openings " + openings + ", generation " + generation,
          "no negative number",
          "Restore a state made by snapshot()");
    }
    if ((state == Breaker.State.OPEN) != (probeAt != null)) {
      throw new BadInputException(
          "breaker state",
          state + " with probe at " + probeAt,
          "a time of the next probe if open, and only then",
          "Restore a state made by snapshot()");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.coordination.Command;

/**
 * How a run is being ended, once that is decided.
 *
 * @param outcome how it comes out
 * @param cause what its agents are told
 * @param kind whether it is over, or is left to be resumed
 */
record Ending(Outcome outcome, Cause cause, Kind kind) {
  /** Who ends a run that nobody stopped. */
  static final String LIBRARY = "library";

  /** Why, if its time is over. */
  static final String DEADLINE = "DEADLINE";

  /** Whether a run is over. */
  enum Kind {
    FINAL,
    /** The process ends, the run does not. */
    RESUMABLE
  }

  Ending(Outcome outcome, Cause cause) {
    this(outcome, cause, Kind.FINAL);
  }

  /** What the store is told, so that it refuses whatever the run's agents still send. */
  Command.Stop stop() {
    if (outcome instanceof Outcome.Stopped stopped) {
      return new Command.Stop(stopped.by(), stopped.reason());
    }
    return new Command.Stop(
        LIBRARY, outcome instanceof Outcome.TimedOut ? DEADLINE : outcome.status().name());
  }

  boolean resumable() {
    return kind == Kind.RESUMABLE;
  }
}

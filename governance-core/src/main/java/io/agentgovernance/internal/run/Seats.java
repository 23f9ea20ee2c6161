// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.internal.concurrent.Admission;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a run: asked for, waited for, had, and given back while the run rests. Confined to
 * the coordinator's tasks, but for {@link #ask}.
 */
final class Seats {
  private final RunCoordinator run;
  private @Nullable Admission held;
  private @Nullable Admission queued;
  private TimeSource.@Nullable Timer queueLimit;
  private boolean asking;

  Seats(RunCoordinator run) {
    this.run = run;
  }

  /** How many threads a run may need at once: its team and a mediator. */
  static int of(Team team) {
    return team.agents().size() + (team.mediated() ? 1 : 0);
  }

  /**
   * Asks for the run's threads. Any thread.
   *
   * @throws AdmissionRefusedException if it can never have them, or too many runs wait
   */
  void ask() {
    Admission asked =
        run.run().services().threads().admit(of(run.team()), this::admitted, this::refused);
    if (!asked.admitted()) {
      run.post(() -> await(asked));
    }
  }

  /** Asks for threads if there are none; false if there are. */
  boolean askAgain() {
    if (held != null) {
      return false;
    }
    if (!asking) {
      asking = true; // until they are given back again
      try {
        ask();
      } catch (AdmissionRefusedException e) {
        refused(e);
      }
    }
    return true;
  }

  /** Gives an agent a thread; null if the run has none. */
  @Nullable AgentTask start(AgentRunner agent) {
    Admission granted = held;
    return granted == null ? null : granted.start(agent.id().value(), agent::drive);
  }

  /** Waits in the queue, for a time: threads that hang may never come back. */
  private void await(Admission asked) {
    if (run.finished()) {
      asked.release();
    } else if (held == null) {
      queued = asked;
      queueLimit =
          run.run()
              .services()
              .control()
              .after(
                  run.run().services().tuning().queueTimeout(), () -> run.post(() -> tired(asked)));
    }
  }

  private void tired(Admission asked) {
    if (asked.cancel()) {
      run.end(
          new Outcome.Failed(
              "ADMISSION",
              "no threads within "
                  + run.run().services().tuning().queueTimeout()
                  + "; raise Workers.platform(…) or start fewer runs"),
          Cause.RUN_ENDED);
    }
  }

  /** The run has its threads. */
  private void admitted(Admission granted) {
    run.post(
        () -> {
          if (run.isOver()) {
            granted.release();
            return;
          }
          held = granted;
          queued = null;
          leaveQueue();
          run.course().seated();
        });
  }

  /** The run will not get its threads. */
  private void refused(AdmissionRefusedException refusal) {
    run.failed("ADMISSION", String.valueOf(refusal.getMessage()));
  }

  void leaveQueue() {
    Admission asked = queued;
    if (asked != null) {
      queued = null;
      asked.release();
    }
    TimeSource.Timer timer = queueLimit;
    if (timer != null) {
      queueLimit = null;
      timer.cancel();
    }
  }

  /** Gives the threads back: waiting for a person holds none. */
  void giveBack() {
    Admission granted = held;
    if (granted != null) {
      held = null;
      asking = false;
      granted.release();
    }
  }
}

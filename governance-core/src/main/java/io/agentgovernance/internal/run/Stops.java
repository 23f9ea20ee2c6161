// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.internal.run.Ending.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ends of a run that are asked for from outside its decisions: by a host, by its deadline, by a
 * lease that is lost. Any thread may call; agents are refused first, and nothing here waits but for
 * a store in this JVM.
 */
final class Stops {
  private final RunCoordinator run;
  private final Decisions decisions;

  Stops(RunCoordinator run, Decisions decisions) {
    this.run = run;
    this.decisions = decisions;
  }

  /**
   * Leaves the run as it is, for another process to resume: its agents stop, and what they did and
   * learned is remembered. Does not wait.
   */
  void leave(String reason) {
    leave(new Outcome.Stopped("orchestrator", reason), Cause.STOPPED);
  }

  private void leave(Outcome outcome, Cause cause) {
    Ending left = new Ending(outcome, cause, Kind.RESUMABLE);
    run.conclusion().announce(left);
    List<AgentRunner> unused = run.members().cancelAll(cause);
    run.post(() -> run.conclusion().begin(left));
  }

  /** Another process may be at the run now: nothing of this one is accepted any more. */
  void leaseLost() {
    leave(
        new Outcome.Failed(
            "LEASE_LOST",
            "the lease of the run's coordinator could not be kept; another process may be at the"
                + " run, or resume it"),
        Cause.LEASE_LOST);
  }

  /**
   * Stops the run: agents first, then the store, then whatever has to be told. Does not wait, but
   * for a store in this JVM.
   *
   * @return who was active, to be confirmed
   */
  StopConfirmation stop(String by, String reason, Cause cause) {
    Ending asked = new Ending(new Outcome.Stopped(by, reason), cause);
    run.conclusion().announce(asked);
    List<AgentRunner> active = run.members().cancelAll(cause);
    CompletableFuture<Void> told = new CompletableFuture<>();
    decisions.apart(
        () -> {
          run.conclusion().stopStore(asked);
          told.complete(null);
        });
    run.post(() -> run.conclusion().begin(asked));
    return new StopConfirmation(run.run(), active, told);
  }

  /**
   * Has a stop survive this process. Does not wait.
   *
   * @return completes when the stop is remembered, or cannot be
   */
  CompletableFuture<Void> rememberStop() {
    CompletableFuture<Void> known = new CompletableFuture<>();
    run.run()
        .services()
        .control()
        .decide(
            () -> {
              flush();
              known.complete(null);
            });
    return known;
  }

  private void flush() {
    try {
      run.run().memory().flush();
    } catch (RuntimeException e) {
      run.run().evidence().warn("the stop could not be remembered yet: " + e.getMessage());
    }
  }

  /** The active time is over. */
  void deadline() {
    Ending late = new Ending(new Outcome.TimedOut(run.run().active().limit()), Cause.DEADLINE);
    run.conclusion().announce(late);
    for (AgentRunner agent : run.agents()) {
      agent.control().cancel(Cause.DEADLINE);
    }
    decisions.apart(() -> run.conclusion().stopStore(late));
    run.post(() -> run.conclusion().begin(late));
  }

  /**
   * Where another process can go on with a run, a failure of the stores leaves it to be resumed.
   */
  Kind kind(String code) {
    return run.run().services().leases().runOut() && Failures.leavesResumable(code)
        ? Kind.RESUMABLE
        : Kind.FINAL;
  }
}

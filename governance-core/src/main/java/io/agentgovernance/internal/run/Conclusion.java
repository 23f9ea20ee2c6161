// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends, or is left to be resumed: once, for the first reason; {@link Finish} does the
 * rest. Confined to the coordinator's tasks, but for what says otherwise.
 */
final class Conclusion {
  private final RunCoordinator run;
  private final RunContext context;
  private final StoreWait storeWait;
  private final Finish finish;

  /**
   * Why the run is ended from outside, set before anybody is told: agents that end because of it
   * must not be taken for the reason.
   */
  private final AtomicReference<@Nullable Ending> announced = new AtomicReference<>();

  private @Nullable Ending ending;

  /** Whether the store was told to refuse what agents still send, or need not be. */
  private boolean stopped;

  private boolean concluding;

  Conclusion(RunCoordinator run, Consumer<RunCoordinator> whenOver) {
    this.run = run;
    this.context = run.run();
    this.storeWait = new StoreWait(run);
    this.finish = new Finish(run, storeWait, whenOver);
  }

  // ---- for any thread

  /** Says how the run will end, unless that is said. */
  void announce(Ending how) {
    announced.compareAndSet(null, how);
  }

  /** Stops the store, unless it is already. May wait for it. */
  void stopStore(Ending how) {
    try {
      context.store().apply(how.stop());
    } catch (RuntimeException e) {
      context.view().failed(e);
      context.evidence().warn("the stop did not reach the coordination store: " + e.getMessage());
    }
  }

  // ---- decisions

  /** Whether the run ends, or has ended. */
  boolean begun() {
    return ending != null;
  }

  /** Concludes an end that has begun, if there is nobody left to wait for. */
  void look() {
    Ending how = ending;
    if (how != null
        && stopped
        && run.members().allMatch(a -> a.ended() || (how.resumable() && a.away()))) {
      conclude();
    }
  }

  boolean isOver() {
    return finish.begun() || ending != null;
  }

  /** Whether nobody can go on with it. */
  boolean isFinal() {
    Ending how = ending;
    return how == null || !how.resumable();
  }

  /** Whether its result is given, or about to be. */
  boolean finished() {
    return finish.begun();
  }

  /** Begins the end: the first reason stays. Agents that still run are stopped and waited for. */
  void begin(Ending found) {
    if (isOver()) {
      return;
    }
    Ending first = announced.get();
    Ending how = first == null ? found : first;
    Cause cause = how.cause();
    ending = how;
    context.stuck().stop();
    if (!how.resumable()) {
      context.view().concludes();
    }
    boolean early = !run.members().allEnded();
    if (early) {
      run.agents().forEach(agent -> agent.control().cancel(cause));
    }
    if (how.resumable() || !(early || first != null)) {
      storeIsStopped(how); // it has not to be
    } else if (!context.services().coordination().remote()) {
      stopStore(how); // agents may all have ended before whoever stops them got to it
      storeIsStopped(how);
    } else {
      storeWait.perform(
          () -> stopStore(how),
          () -> context.view().noAnswer("the stop has not reached the coordination store yet"),
          () -> storeIsStopped(how));
    }
  }

  /** The store refuses what agents still send, or does not answer: waits for the agents. */
  private void storeIsStopped(Ending how) {
    stopped = true;
    if (!how.resumable() && how.outcome() instanceof Outcome.Stopped by) {
      context
          .evidence()
          .note(
              null,
              LedgerTypes.STOP,
              run.id() + "/stop",
              Map.of("by", by.by(), "reason", Digest.sha256(by.reason()).hex()));
    }
    boolean left = how.resumable(); // then those who run agents elsewhere are told nothing
    if (run.members().allMatch(a -> a.ended() || a.suspended() || (left && a.away()))) {
      conclude();
    } else {
      context
          .services()
          .control()
          .after(context.services().tuning().stopGrace(), () -> run.post(this::conclude));
    }
  }

  /** Sets what is final, records it, and gives the result. */
  void conclude() {
    Ending how = ending;
    if (finish.begun() || concluding || how == null || !stopped) {
      return;
    }
    concluding = true;
    context.active().stop();
    run.approvals().close();
    run.mediations().close();
    run.away().close();
    run.seats().leaveQueue();
    context.view().concludes();
    run.members().abandonThreads(how.resumable());
    if (how.resumable()) {
      finish.giveBack(how.outcome());
      return;
    }
    run.members().settle(how.cause());
    CompletableFuture<Boolean> recorded =
        context
            .evidence()
            .noteLast(
                LedgerTypes.STATUS, run.id() + "/end", RunNotes.ended(context, how.outcome()));
    if (recorded.isDone()) {
      finish.finish(how.outcome());
      return;
    }
    TimeSource.Timer bound =
        context
            .services()
            .control()
            .after(
                context.services().tuning().ledgerTimeout(),
                () ->
                    run.post(
                        () -> {
                          context.evidence().warn("the end of the run is not yet in the ledger");
                          finish.finish(how.outcome());
                        }));
    CompletableFuture<Void> unused =
        recorded.thenRunAsync( // not on the ledger's own thread: finishing writes
            () -> {
              boolean unusedAnswer = bound.cancel();
              run.post(() -> finish.finish(how.outcome()));
            },
            context.services().control());
  }

  /** Gives the result of a run that had ended before this process looked at it. */
  void giveAgain(Outcome outcome) {
    finish.giveAgain(outcome);
  }

  /** The final status is announced: gives the result. */
  void publish() {
    Ending how = ending;
    if (how != null) {
      finish.publish(how.outcome());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends, or is left to be resumed: once, for the first reason. Confined to the
 * coordinator's tasks, but for what says otherwise.
 */
final class Conclusion {
  private final RunCoordinator run;
  private final RunContext context;
  private final StoreWait storeWait;
  private final Farewell farewell;

  /**
   * Why the run is ended from outside, set before anybody is told: agents that end because of it
   * must not be taken for the reason.
   */
  private final AtomicReference<@Nullable Ending> announced = new AtomicReference<>();

  private @Nullable Ending ending;
  private boolean concluding;
  private boolean over;
  private boolean published;

  /** What the final status was set with, once it was. */
  private @Nullable Payload results;

  Conclusion(RunCoordinator run, Consumer<RunCoordinator> whenOver) {
    this.run = run;
    this.context = run.run();
    this.storeWait = new StoreWait(run);
    this.farewell = new Farewell(run, storeWait, whenOver);
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
    if (how != null && run.members().allMatch(a -> a.ended() || (how.resumable() && a.away()))) {
      conclude();
    }
  }

  boolean isOver() {
    return over || ending != null;
  }

  /** Whether nobody can go on with it. */
  boolean isFinal() {
    Ending how = ending;
    return how == null || !how.resumable();
  }

  /** Whether its result is given, or about to be. */
  boolean finished() {
    return over;
  }

  /** Begins the end: the first reason stays. Agents that still run are stopped and waited for. */
  void begin(Ending found) {
    if (isOver()) {
      return;
    }
    Ending first = announced.get();
    Ending how = first == null ? found : first;
    Outcome outcome = how.outcome();
    Cause cause = how.cause();
    ending = how;
    context.stuck().stop();
    boolean early = !run.members().allEnded();
    if (early) {
      run.agents().forEach(agent -> agent.control().cancel(cause));
    }
    if (!how.resumable() && (early || first != null)) {
      stopStore(how); // agents may all have ended before whoever stops them got to it
    }
    if (!how.resumable() && outcome instanceof Outcome.Stopped stopped) {
      context
          .evidence()
          .note(
              null,
              LedgerTypes.STOP,
              run.id() + "/stop",
              Map.of("by", stopped.by(), "reason", Digest.sha256(stopped.reason()).hex()));
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
    if (over || concluding || how == null) {
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
      giveBack(how.outcome());
      return;
    }
    run.members().settle(how.cause());
    CompletableFuture<Boolean> recorded =
        context
            .evidence()
            .noteLast(
                LedgerTypes.STATUS, run.id() + "/end", RunNotes.ended(context, how.outcome()));
    if (recorded.isDone()) {
      finish(how.outcome());
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
                          finish(how.outcome());
                        }));
    CompletableFuture<Void> unused =
        recorded.thenRunAsync( // not on the ledger's own thread: finishing writes
            () -> {
              boolean unusedAnswer = bound.cancel();
              run.post(() -> finish(how.outcome()));
            },
            context.services().control());
  }

  /**
   * Gives the run back; its state stays what it is. Where stores are outside of this JVM the result
   * waits for them for so long as for the ledger, and no longer.
   */
  private void giveBack(Outcome outcome) {
    run.seats().giveBack();
    if (!context.services().coordination().remote()) {
      rememberTheLast();
      closeDown(outcome);
      return;
    }
    storeWait.perform(
        this::rememberTheLast,
        "the last of the run is not yet remembered",
        () -> closeDown(outcome));
  }

  private void rememberTheLast() {
    try {
      context.memory().add(new Delta.Elapsed(context.active().used()));
      context.memory().letGo();
    } catch (RuntimeException e) {
      context.evidence().warn("the last of the run could not be remembered: " + e.getMessage());
    }
  }

  /** Gives the result of a run that had ended before this process looked at it. */
  void giveAgain(Outcome outcome) {
    try {
      context.memory().finish();
    } catch (RuntimeException e) {
      context.evidence().warn("the run could not be marked as ended: " + e.getMessage());
    }
    closeDown(outcome);
  }

  private void closeDown(Outcome outcome) {
    over = true;
    published = true;
    OrchestrationResult result = Results.of(run, outcome);
    context.events().complete();
    Ending how = ending;
    farewell.say(result, how != null && how.resumable());
    run.unfollow();
  }

  private void finish(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    run.seats().giveBack();
    Payload detail = Payload.of(RunNotes.results(context, outcome));
    results = detail;
    if (context.view().givenUp()) {
      storeWait.perform(
          () -> {
            boolean unused = set(outcome, detail);
          },
          "the final status is not yet set",
          this::publish);
    } else if (!set(outcome, detail)) {
      publish(); // else the announcement of the change does
    }
  }

  /** Sets the final status; says whether the store took it. On any thread; may wait for it. */
  private boolean set(Outcome outcome, Payload detail) {
    try {
      Applied<PipelineStatus> set =
          context.store().apply(new Command.SetStatus(run.fence(), outcome.status(), detail));
      if (!set.accepted()) {
        context.evidence().warn("the final status was refused: " + set.reason());
      }
      return set.accepted();
    } catch (CoordinationUnavailableException e) {
      context.view().giveUp();
      context.evidence().warn("the final status could not be set: " + e.getMessage());
    } catch (RuntimeException e) {
      context.evidence().warn("the final status could not be set: " + e.getMessage());
    }
    return false;
  }

  /** The final status is announced: gives the result. */
  void publish() {
    Ending how = ending;
    if (published || how == null) {
      return;
    }
    published = true;
    Outcome outcome = how.outcome();
    Payload known = results;
    Payload last = known == null ? Payload.of(RunNotes.results(context, outcome)) : known;
    Runnable mark = () -> RunNotes.checkpoint(context, outcome, last);
    if (context.view().givenUp()) {
      storeWait.perform(mark, "the final checkpoint is not yet written", () -> closeDown(outcome));
    } else {
      mark.run();
      closeDown(outcome); // a final status that was not set is announced to nobody
    }
  }
}

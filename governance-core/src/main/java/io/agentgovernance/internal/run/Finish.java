// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The last of a run in this process: its final status and checkpoint, or what it leaves for another
 * process, and then its result, once. A store that has not answered before keeps that waiting for
 * so long as the ledger may at each step, and no longer; one that is not known to be away is waited
 * for as long as a call is tried. Confined to the coordinator's tasks, but for what says otherwise.
 */
final class Finish {
  private final RunCoordinator run;
  private final RunContext context;
  private final StoreWait storeWait;
  private final Farewell farewell;
  private boolean over;
  private boolean published;

  /** What the final status was set with, once it was. */
  private @Nullable Payload results;

  Finish(RunCoordinator run, StoreWait storeWait, Consumer<RunCoordinator> whenOver) {
    this.run = run;
    this.context = run.run();
    this.storeWait = storeWait;
    this.farewell = new Farewell(run, storeWait, whenOver);
  }

  /** Whether the result is given, or about to be. */
  boolean begun() {
    return over;
  }

  /**
   * Gives the run back; its state stays what it is. Where stores are outside of this JVM the result
   * waits for them for so long as for the ledger, and no longer.
   */
  void giveBack(Outcome outcome) {
    run.seats().giveBack();
    if (!context.services().coordination().remote()) {
      rememberTheLast();
      closeDown(outcome, true);
      return;
    }
    storeWait.perform(
        this::rememberTheLast,
        () -> context.evidence().warn("the last of the run is not yet remembered"),
        () -> closeDown(outcome, true));
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
    closeDown(outcome, false);
  }

  private void closeDown(Outcome outcome, boolean goesOn) {
    over = true;
    published = true;
    OrchestrationResult result = Results.of(run, outcome);
    context.events().complete();
    farewell.say(result, goesOn);
    run.unfollow();
  }

  /** Sets the final status, and has the result given behind that. */
  void finish(Outcome outcome) {
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
          () -> context.view().noAnswer("the final status is not yet set"),
          () -> publish(outcome));
    } else if (!set(outcome, detail)) {
      publish(outcome); // else the announcement of the change does
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
    } catch (RuntimeException e) {
      context.view().failed(e);
      context.evidence().warn("the final status could not be set: " + e.getMessage());
    }
    return false;
  }

  /** Gives the result, once: the final status is announced, or will not be. */
  void publish(Outcome outcome) {
    if (published) {
      return;
    }
    published = true;
    Payload known = results;
    Payload last = known == null ? Payload.of(RunNotes.results(context, outcome)) : known;
    Runnable mark = () -> RunNotes.checkpoint(context, outcome, last);
    if (context.view().givenUp()) {
      storeWait.perform(
          mark,
          () -> context.evidence().warn("the final checkpoint is not yet written"),
          () -> closeDown(outcome, false));
    } else {
      mark.run();
      closeDown(outcome, false); // a final status that was not set is announced to nobody
    }
  }
}

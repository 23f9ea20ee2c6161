// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a run goes on between its start and its end: it begins, rests while a person is asked, goes
 * on, and ends when nobody is left. Confined to the coordinator's tasks.
 */
final class Course {
  private final RunCoordinator run;
  private final RunContext context;
  private final Conclusion conclusion;

  Course(RunCoordinator run, Conclusion conclusion) {
    this.run = run;
    this.context = run.run();
    this.conclusion = conclusion;
  }

  /** The run has its threads. */
  void seated() {
    if (run.agents().isEmpty()) {
      begin();
    } else {
      run.approvals().restart();
    }
  }

  private void begin() {
    context
        .store()
        .apply(
            new Command.Note(
                null,
                EventTypes.ORCHESTRATION_STARTED,
                Payload.of(RunNotes.started(context, run.team()))));
    Set<AgentRole> elsewhere = context.request().elsewhere();
    for (Agent member : run.team().agents()) {
      AgentId id = run.id().agent(member.role());
      if (elsewhere.contains(member.role())) {
        run.away().expect(run.members().addAway(member, id));
      } else {
        run.members().add(member, id, null, null, Duration.ZERO);
      }
    }
    context.active().start();
    context.stuck().start();
    List<AgentRunner> members = run.agents();
    run.mediations().begin(); // a member that waits for its mediator finds it there
    for (AgentRunner agent : members) {
      if (!agent.away()) {
        run.members().start(agent);
      }
    }
  }

  /** Gives the agents that can go on their threads, or looks what the run waits for. */
  void takeUp() {
    if (run.members().allEnded()) {
      lookForEnd();
    } else if (run.approvals().allWait()) {
      lookForRest();
    } else {
      goOn();
    }
  }

  /** Ends the run if nobody is left to go on. */
  void lookForEnd() {
    if (conclusion.finished()) {
      return;
    }
    boolean allEnded = run.members().allEnded();
    if (conclusion.begun()) {
      conclusion.look();
      return;
    }
    if (allEnded) {
      run.mediations().lookAtProposals(); // the last proposals may not have been announced yet
      allEnded = run.members().allEnded();
    }
    if (allEnded && outOfTime()) {
      run.stops().deadline();
    } else if (allEnded && !run.succession().pending() && !run.mediations().pending()) {
      run.end(Verdicts.of(context, run.team()), Cause.RUN_ENDED);
    } else {
      lookForRest();
    }
  }

  /** Whether agents ended for want of time, perhaps a moment before the run is told. */
  private boolean outOfTime() {
    return context.active().remaining().isZero()
        && context.store().agents().stream().anyMatch(Mailbox::active);
  }

  void lookForRest() {
    long times = run.resting().times();
    if (!conclusion.isOver() && run.approvals().atRest()) {
      rest(times);
    }
  }

  private void rest(long times) {
    if (context.store().status() != PipelineStatus.AWAITING_APPROVAL) {
      context
          .store()
          .apply(
              new Command.SetStatus(
                  run.fence(), PipelineStatus.AWAITING_APPROVAL, Payload.empty()));
    }
    if (run.members().allMatch(a -> a.ended() || a.suspended())) {
      run.seats().giveBack();
    }
    run.resting()
        .rest(Results.of(run, new Outcome.AwaitingApproval(run.approvals().pending())), times);
  }

  /** The run goes on after it rested. */
  void goOn() {
    run.resting().goOn();
    if (context.store().status() == PipelineStatus.AWAITING_APPROVAL) {
      context
          .store()
          .apply(new Command.SetStatus(run.fence(), PipelineStatus.ORCHESTRATING, Payload.empty()));
    }
    if (!run.seats().askAgain()) {
      run.approvals().restart();
    }
  }
}

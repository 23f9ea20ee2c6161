// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes up a run where another process left it. Confined to the coordinator's tasks.
 *
 * <p>The state is there already; what is made again here is what lived in the process: agents, who
 * waits for whom, timers. What that process had begun and not finished is settled first.
 */
final class Comeback {
  private final RunCoordinator run;
  private final Past past;

  Comeback(RunCoordinator run, Past past) {
    this.run = run;
    this.past = past;
  }

  /**
   * Begins.
   *
   * @param definitions the definition of each agent the run has
   */
  void begin(long epoch, Map<AgentId, Agent> definitions) {
    run.run()
        .store()
        .apply(
            new Command.Note(
                null, EventTypes.ORCHESTRATION_RESUMED, Payload.of(Map.of("epoch", epoch))));
    for (AgentState state : run.run().store().agents()) {
      Agent definition = definitions.get(state.id());
      if (definition != null) {
        run.members().addAgain(definition, state, past.journal(state.id()));
      }
    }
    Aftermath aftermath = new Aftermath(run.run(), past);
    run.agents().forEach(aftermath::settle);
    aftermath.prove(definitions);
    Outcome announced = past.announcedEnd();
    if (announced != null) {
      run.end(announced, announced instanceof Outcome.TimedOut ? Cause.DEADLINE : Cause.STOPPED);
    } else if (run.agents().isEmpty()) {
      run.enqueue();
    } else {
      goOn();
    }
  }

  private void goOn() {
    for (Agent member : run.team().agents()) {
      AgentId id = run.run().terms().run().agent(member.role());
      if (run.run().store().agent(id).isEmpty()) {
        run.members()
            .add(member, id, null, null, Duration.ZERO); // the process died between two spawns
      }
    }
    run.agents().stream().filter(agent -> !agent.ended()).forEach(run.approvals()::park);
    run.run().active().start();
    run.run().stuck().start();
    for (ApprovalState approval : run.run().store().approvals()) {
      if (approval.state() == ApprovalState.State.PENDING) {
        run.approvals().requested(approval.request());
      }
    }
    remind();
    run.mediations().goOn();
    for (Handoff handoff : run.run().store().handoffs()) {
      if (handoff.state() == Handoff.State.OPEN) {
        run.succession().handedOff(handoff);
      }
    }
    run.course().takeUp();
  }

  /** Tells the agents again what they had been told, in that order. */
  private void remind() {
    Map<AgentId, AgentRunner> agents = new HashMap<>();
    run.agents().forEach(agent -> agents.put(agent.id(), agent));
    Map<AgentId, Change> unclarified = new LinkedHashMap<>();
    for (Change change : past.changes()) {
      Command<?> command = change.command();
      AgentRunner agent =
          command instanceof Command.OfAgent<?> own ? agents.get(own.agent()) : null;
      if (change.result() instanceof AgentMessage message) {
        Reactions.direct(run, message);
      } else if (command instanceof Command.Note note) {
        warnOfSpend(note, agents);
      } else if (agent != null
          && command instanceof Command.ClaimHandoff
          && change.result() instanceof Handoff handoff) {
        agent.notice(Succession.notice(handoff));
      } else if (agent != null && command instanceof Command.Clarify clarify) {
        agent.notice(ErrorDesk.clarified(clarify.plan()));
        unclarified.remove(agent.id());
      } else if (agent != null && change.result() instanceof ErrorTally tally) {
        if (tally.consequences().contains(Consequence.WARN)) {
          agent.notice(ErrorDesk.warning(tally, agent.definition().errorBudget()));
        }
        if (tally.consequences().contains(Consequence.CLARIFY)) {
          unclarified.put(agent.id(), change);
        }
      }
    }
    unclarified.forEach((id, change) -> clarify(agents.get(id), change));
  }

  /** The process died between counting an error and clarifying the plan. */
  private static void clarify(@Nullable AgentRunner agent, Change change) {
    if (agent != null
        && !agent.ended()
        && change.result() instanceof ErrorTally tally
        && change.command() instanceof Command.RecordError error) {
      int end = error.message().lastIndexOf(": ");
      String operation = end < 0 ? error.message() : error.message().substring(0, end);
      agent.errors().clarify(tally, error.signature(), operation);
    }
  }

  private void warnOfSpend(Command.Note note, Map<AgentId, AgentRunner> agents) {
    AgentRunner agent = note.agent() == null ? null : agents.get(note.agent());
    if (agent != null
        && note.type().equals(EventTypes.BUDGET_WARNING)
        && Past.text(note.data(), "/kind").equals("spend")) {
      run.run().spendWatch().goOnFrom(agent, note.data());
    }
  }
}

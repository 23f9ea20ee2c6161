// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.Map;

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
    new Reminder(run.run(), past).remind(run.agents());
    run.mediations().goOn();
    for (Handoff handoff : run.run().store().handoffs()) {
      if (handoff.state() == Handoff.State.OPEN) {
        run.succession().handedOff(handoff);
      }
    }
    run.course().takeUp();
  }
}

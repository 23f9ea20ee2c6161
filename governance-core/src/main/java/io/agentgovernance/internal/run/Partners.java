// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.PartnerEndedException;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Optional;

/** What an agent learns of the others of its run. Confined to the agent's thread. */
final class Partners {
  private final AgentRunner agent;
  private final ActionGate gate;

  Partners(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  /** Waits for the EXECUTE output of a role's latest agent. */
  Payload awaitOutput(AgentRole wanted) {
    return gate.recorded(
        "output",
        Payload.text(wanted.key()),
        payload -> payload,
        payload -> payload,
        () ->
            agent
                .await(agent.run().active().remaining(), () -> outputOf(wanted))
                .orElseThrow(
                    () ->
                        RunContext.stopped(
                            agent.id(), agent.control(), AgentStoppedException.Cause.DEADLINE)));
  }

  /** The EXECUTE output of a role's latest agent; throws if none can come any more. */
  private Optional<Payload> outputOf(AgentRole role) {
    AgentState last = null;
    for (AgentState state : agent.run().store().agents()) {
      if (state.role().equals(role)) {
        last = state;
      }
    }
    if (last == null) {
      throw new BadInputException(
          "awaitOutput(\"" + role.name() + "\")",
          "no agent of that role",
          "a role of the team",
          "Name one of the team's roles.");
    }
    for (AgentOutput output : last.outputs()) {
      if (output.phase() == AgentPhase.EXECUTE) {
        return Optional.of(output.content());
      }
    }
    if (Mailbox.active(last) || successorMayCome(last)) {
      return Optional.empty();
    }
    throw new PartnerEndedException(role.name(), last.status());
  }

  private boolean successorMayCome(AgentState ended) {
    return agent.run().store().handoffs().stream()
        .anyMatch(h -> h.from().equals(ended.id()) && h.state() == Handoff.State.OPEN);
  }

  /** The roles of the team that are active beside it. */
  List<AgentRole> active() {
    return gate.recorded(
        "partners",
        Payload.empty(),
        Recorded.<AgentRole>listOf(role -> Payload.text(role.name())),
        Recorded.<AgentRole>toListOf(name -> new AgentRole(name.text())),
        () ->
            agent.run().store().agents().stream()
                .filter(s -> Mailbox.active(s) && s.reason() == null && !s.id().equals(agent.id()))
                .map(AgentState::role)
                .toList());
  }

  /** What it took over. */
  List<Handoff> handoffs() {
    return gate.recorded(
        "handoffs",
        Payload.empty(),
        Recorded.<Handoff>listOf(Recorded::handoff),
        Recorded.<Handoff>toListOf(Recorded::handoff),
        () ->
            agent.run().store().handoffs().stream()
                .filter(h -> agent.id().equals(h.claimedBy()))
                .toList());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.ResumeRefusedException.Reason;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.internal.roles.RoleAgents;
import io.agentgovernance.spi.AgentFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the code of the agents a remembered run has: what a persisted agent is bound to. */
final class Definitions {
  private Definitions() {}

  /**
   * The definition of each agent.
   *
   * @throws ResumeRefusedException if one is gone, or has another version than the agent
   */
  static Map<AgentId, Agent> of(Past past, Team team, AgentFactory successors) {
    Map<AgentId, Agent> found = new LinkedHashMap<>();
    Map<AgentId, Handoff> handoffs = new HashMap<>();
    for (Change change : past.changes()) {
      for (Effect effect : change.effects()) {
        if (effect instanceof Effect.HandedOff handedOff) {
          handoffs.put(handedOff.handoff().from(), handedOff.handoff());
        }
      }
      if (change.command() instanceof Command.Spawn spawn
          && change.result() instanceof AgentState state) {
        found.put(
            state.id(), checked(past, spawn, definition(spawn, team, found, handoffs, successors)));
      }
    }
    return found;
  }

  private static @Nullable Agent definition(
      Command.Spawn spawn,
      Team team,
      Map<AgentId, Agent> found,
      Map<AgentId, Handoff> handoffs,
      AgentFactory successors) {
    if (spawn.reason() != null) {
      return team.mediator().orElseGet(RoleAgents::gamma);
    }
    AgentId origin = spawn.successorOf();
    if (origin != null) {
      Agent failed = found.get(origin);
      Handoff handoff = handoffs.get(origin);
      return failed == null || handoff == null
          ? null
          : successors.successor(failed, handoff).orElse(null);
    }
    return member(team, spawn.role());
  }

  private static @Nullable Agent member(Team team, AgentRole role) {
    for (Agent agent : team.agents()) {
      if (agent.role().equals(role)) {
        return agent;
      }
    }
    return null;
  }

  private static Agent checked(Past past, Command.Spawn spawn, @Nullable Agent definition) {
    if (definition == null) {
      throw new ResumeRefusedException(
          past.terms().run(),
          Reason.UNKNOWN_AGENT,
          "no agent for " + spawn.agent(),
          "Configure the same AgentFactory as before; nothing was changed.");
    }
    if (!definition.version().equals(spawn.version())) {
      throw new ResumeRefusedException(
          past.terms().run(),
          Reason.VERSION_CHANGED,
          "version '"
              + definition.version()
              + "' of "
              + definition.role().name()
              + ", while "
              + spawn.agent()
              + " was begun by version '"
              + spawn.version()
              + "'",
          "Resume it with that version; nothing was changed.");
    }
    return definition;
  }
}

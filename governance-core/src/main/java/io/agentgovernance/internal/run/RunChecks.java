// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentRole;
import java.util.ArrayList;
import java.util.List;

/** Checks a request before anything is begun. Immutable and thread safe; nothing here waits. */
final class RunChecks {
  private final Services services;

  RunChecks(Services services) {
    this.services = services;
  }

  /** Whether the tools that a team may use are there. */
  void team(Team members) {
    List<Agent> all = new ArrayList<>(members.agents());
    members.mediator().ifPresent(all::add);
    for (Agent agent : all) {
      for (String tool : agent.tools()) {
        if (!services.tools().containsKey(tool)) {
          throw new BadInputException(
              "agent '" + agent.role().name() + "'",
              "the tool '" + tool + "'",
              services.tools().isEmpty()
                  ? "a registered tool; none is registered"
                  : "one of "
                      + String.join(", ", services.tools().keySet().stream().sorted().toList()),
              "Register it with OrchestratorBuilder.tools(…), or correct the name.");
        }
      }
    }
  }

  /** Whether the roles that other processes run are of the team, and can be run there. */
  void elsewhere(RunRequest request, Team members) {
    for (AgentRole role : request.elsewhere()) {
      if (members.agents().stream().noneMatch(agent -> agent.role().equals(role))) {
        throw new BadInputException(
            "RunRequest.elsewhere",
            "the role '" + role.name() + "'",
            "roles of the team: "
                + members.agents().stream().map(agent -> agent.role().name()).toList(),
            "Correct the name, or leave it out.");
      }
    }
    if (!request.elsewhere().isEmpty() && !services.leases().runOut()) {
      throw new BadInputException(
          "RunRequest.elsewhere",
          "a coordination store of this JVM only",
          "one that the hosts share",
          "Name one with OrchestratorBuilder.blackboard, such as redis://host:6379.");
    }
  }
}

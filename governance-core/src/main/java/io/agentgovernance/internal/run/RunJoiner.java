// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRefusedException.Reason;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.RunStore;
import java.util.LinkedHashMap;
import java.util.Map;

/** Joins runs that other processes coordinate. Thread safe. */
public final class RunJoiner {
  private final Services services;
  private final Team team;
  private final LiveRuns runs;
  private final RunChecks checks;
  private final RunResumer resumer;

  RunJoiner(Services services, Team team, LiveRuns runs, RunChecks checks, RunResumer resumer) {
    this.services = services;
    this.team = team;
    this.runs = runs;
    this.checks = checks;
    this.resumer = resumer;
  }

  /** Joins a run, or says why it cannot. */
  public Joined join(JoinRequest request) {
    if (runs.closed()) {
      throw RunStarter.closed();
    }
    services.health().refuseUnlessWorking();
    RunId run = request.run();
    if (!services.leases().runOut()) {
      throw new JoinRefusedException(
          run,
          Reason.NOT_SHARED,
          "the coordination store is of this JVM only",
          "Name one that the hosts share with OrchestratorBuilder.blackboard.");
    }
    RunStore store =
        services
            .coordination()
            .attach(run)
            .orElseThrow(
                () ->
                    new JoinRefusedException(
                        run,
                        Reason.UNKNOWN_RUN,
                        "no run of that id in the coordination store",
                        "Start it first, with RunRequest.elsewhere."));
    boolean taken = false;
    try {
      JoinedRun joined = taken(store, request);
      taken = true; // what it ends with lets go of the store
      begin(joined);
      return joined;
    } finally {
      if (!taken) {
        store.detach();
      }
    }
  }

  /** Checks whether the request fits the run, and takes a place at it. */
  private JoinedRun taken(RunStore store, JoinRequest request) {
    RunId run = request.run();
    Team members = request.team().orElse(team);
    if (!members.digest().equals(store.terms().definition())) {
      throw new JoinRefusedException(
          run,
          Reason.DEFINITION_CHANGED,
          "the team "
              + members.digest().prefix()
              + ", not "
              + store.terms().definition().prefix()
              + " that the run was started with",
          "Join it with the same roles, versions, tiers, tools and rule; nothing was changed.");
    }
    checks.team(members);
    if (store.status().isTerminal() || store.stopped()) {
      throw new JoinRefusedException(
          run, Reason.ENDED, "it is " + store.status(), "There is nothing left to do.");
    }
    JoinedRun joined =
        new JoinedRun(services, runs, resumer, store, members, request, roles(request, members));
    if (!runs.join(joined)) {
      throw new JoinRefusedException(
          run, Reason.ALREADY_HERE, "this orchestrator is at it", "It need not be joined twice.");
    }
    return joined;
  }

  private static void begin(JoinedRun joined) {
    boolean done = false;
    try {
      joined.begin();
      done = true;
    } finally {
      if (!done) {
        joined.undo();
      }
    }
  }

  private static Map<AgentRole, Agent> roles(JoinRequest request, Team members) {
    Map<AgentRole, Agent> found = new LinkedHashMap<>();
    for (AgentRole role : request.roles()) {
      for (Agent agent : members.agents()) {
        if (agent.role().equals(role)) {
          found.put(role, agent);
        }
      }
      if (!found.containsKey(role)) {
        throw new JoinRefusedException(
            request.run(),
            Reason.UNKNOWN_ROLE,
            "the role '" + role.name() + "'",
            "The team has " + members.agents().stream().map(a -> a.role().name()).toList() + ".");
      }
    }
    return found;
  }
}

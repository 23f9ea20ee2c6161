// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Proposal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Teams that vote. */
abstract class Voting {
  /** Votes one after the other; returns the state after its vote, or why it was refused. */
  static Agent[] voters(int count, Choice choice) {
    Agent[] voters = new Agent[count];
    Arrays.setAll(voters, i -> voter(i + 1, choice));
    return voters;
  }

  static Agent voter(int number, Choice choice) {
    return Agent.of(
        "e" + number,
        ctx -> {
          Proposal proposal =
              Scenes.until(
                      ctx,
                      all ->
                          !all.isEmpty()
                              && (all.get(0).ballots().size() >= number - 1 || decided(all)))
                  .get(0);
          try {
            return ctx.vote(proposal, choice, "").state().name();
          } catch (RefusedException e) {
            return e.code();
          }
        });
  }

  static Team team(Agent writer, Agent... others) {
    List<Agent> all = new ArrayList<>(List.of(writer));
    all.addAll(List.of(others));
    return Team.of(DecisionRule.quorum("writer"), all.toArray(Agent[]::new)).withoutMediator();
  }

  static Team team(Agent writer, Agent first, Agent second, Agent third, Agent fourth) {
    return team(writer, new Agent[] {first, second, third, fourth});
  }

  static boolean mine(AgentContext ctx, Proposal proposal) {
    return !proposal.author().equals(ctx.id());
  }

  static boolean decided(List<Proposal> all) {
    return all.stream().anyMatch(p -> p.state() != Proposal.State.OPEN);
  }

  static String outputOf(OrchestrationResult result, String role) {
    return result.agent(role).orElseThrow().output().orElseThrow().text();
  }

  static String refusal(Runnable attempt) {
    try {
      attempt.run();
      return "accepted";
    } catch (RefusedException e) {
      return e.code();
    }
  }
}

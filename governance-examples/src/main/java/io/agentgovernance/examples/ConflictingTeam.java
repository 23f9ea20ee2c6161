// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Proposal;
import java.time.Duration;
import java.util.Comparator;

/** Three agents each hold on to their own proposal; the third open one brings GAMMA in. */
public final class ConflictingTeam {
  private ConflictingTeam() {}

  record Plan(String title, int weeks) {}

  public static void main(String[] args) {
    // tag::team[]
    Team stubborn =
        Team.of(
                DecisionRule.quorum("lead"),
                architect("lead", new Plan("rewrite everything", 40)),
                architect("cautious", new Plan("wrap the old system", 6)),
                architect("modern", new Plan("buy a product", 12)))
            .mediator(Agent.of("GAMMA", ConflictingTeam::mediate));
    // end::team[]

    // tag::run[]
    try (var orchestrator = Orchestrator.builder().team(stubborn).build()) {
      OrchestrationResult result = orchestrator.run("Replace the billing system");
      result.mediations().forEach(m -> System.out.println("mediated because of " + m.reason()));
      result
          .accepted()
          .ifPresent(p -> System.out.println(p.decidedBy() + " chose that of " + p.author()));
      System.out.println(
          result.status() + ": " + result.solution().orElseThrow().read(Plan.class).title());
    }
    // end::run[]
  }

  // tag::architect[]
  /** Posts its plan, votes for no other, and waits until somebody decides. */
  private static Agent architect(String role, Plan plan) {
    return Agent.of(
        role,
        ctx -> {
          ctx.propose(plan);
          Proposal accepted = ctx.awaitAccepted(Duration.ofMinutes(1)).orElseThrow();
          if (role.equals("lead")) {
            ctx.solve(accepted.content()); // the team's rule names who writes the solution
          }
          return "accepted that of " + accepted.author();
        });
  }

  // end::architect[]

  // tag::mediator[]
  /** Chooses the shortest plan. The choice is binding and no vote. */
  private static String mediate(AgentContext ctx) {
    Mediation mediation = ctx.mediation().orElseThrow();
    Proposal shortest =
        ctx.proposals().stream()
            .min(Comparator.comparingInt(p -> p.content().read(Plan.class).weeks()))
            .orElseThrow();
    return mediation.choose(shortest.id()).id();
  }
  // end::mediator[]
}

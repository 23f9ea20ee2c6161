// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Settings;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Directive;
import io.agentgovernance.agent.Team;
import java.time.Duration;

/** An objective with many conditions is taken apart before the team works on it. */
public final class ComplexObjective {
  private ComplexObjective() {}

  private static final String OBJECTIVE =
      """
      Plan the move of the data centre: at most 4 hours of downtime, at least 2 rehearsals, only on \
      a weekend, never during the month end. It must keep 99.95 % availability, should cost at most \
      200,000 euros, must not lose data, and has to be agreed with 12 departments and 3 suppliers.
      """;

  public static void main(String[] args) {
    // tag::team[]
    Agent planner =
        Agent.of(
            "planner",
            ctx -> {
              var order = ctx.receiveFrom("GAMMA", Duration.ofMinutes(1)).orElseThrow();
              return "planned in this order. " + order.content().read(Directive.class).directive();
            });
    // No mediator of its own: the library's GAMMA asks the model for sub-objectives.
    Team team = Team.of(DecisionRule.by("planner"), planner);
    // end::team[]

    // tag::run[]
    // The score goes from 0 to 1. The default threshold is 0.8; this objective has about 0.6.
    Settings settings = Settings.builder().gammaComplexityThreshold(0.5).build();
    try (var orchestrator =
        Orchestrator.builder().model("local:").settings(settings).team(team).build()) {
      OrchestrationResult result = orchestrator.run(OBJECTIVE);
      result.mediations().forEach(m -> System.out.println("mediated because of " + m.reason()));
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
    }
    // end::run[]
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Settings;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Directive;
import io.agentgovernance.agent.Team;
import java.time.Duration;

/** Two agents wait for each other; after a while without progress GAMMA tells them what to do. */
public final class StuckTeam {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private StuckTeam() {}

  public static void main(String[] args) {
    // tag::settings[]
    // 30 s unless set; this example should not keep you waiting.
    Settings impatient = Settings.builder().gammaStuckThreshold(Duration.ofMillis(200)).build();
    try (var orchestrator = configured().settings(impatient).build()) {
      print(orchestrator.run("Review the onboarding process"));
    }
    // end::settings[]
  }

  /** Everything but the settings; the test of this example adds its own and a clock. */
  static OrchestratorBuilder configured() {
    // tag::team[]
    Agent researcher =
        Agent.of(
            "researcher",
            ctx -> {
              // Waits for the reviewer's criteria…
              var criteria = ctx.receiveFrom("reviewer", PATIENCE).orElseThrow();
              return "findings on " + criteria.content().text();
            });
    Agent reviewer =
        Agent.of(
            "reviewer",
            ctx -> {
              // …who waits for a first draft. Neither comes. A directive does.
              var message = ctx.receive(PATIENCE).orElseThrow();
              var directive = message.content().read(Directive.class);
              ctx.send("researcher", "cost, risk and time");
              String findings = ctx.awaitOutput("researcher", String.class);
              return "reviewed after " + directive.reason() + ": " + findings;
            });
    // end::team[]

    // tag::mediator[]
    // Leave this out and the library's own GAMMA asks the model what to do.
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              ctx.mediation()
                  .orElseThrow()
                  .direct("reviewer", "Do not wait for a draft: send your criteria.");
              return "told the reviewer to begin";
            });
    // end::mediator[]
    return Orchestrator.builder()
        .team(Team.of(DecisionRule.by("reviewer"), researcher, reviewer).mediator(gamma));
  }

  static void print(OrchestrationResult result) {
    // tag::print[]
    result
        .mediations()
        .forEach(m -> System.out.println("mediated because of " + m.reason() + ": " + m.status()));
    System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
    // end::print[]
  }
}

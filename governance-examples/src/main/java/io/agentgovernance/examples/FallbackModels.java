// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.openrouter.OpenRouterChatModel;
import io.agentgovernance.openrouter.OpenRouterChatModelBuilder;
import java.util.Optional;

/** The first model cannot be reached: its route is opened, and the next model does the work. */
public final class FallbackModels {
  private FallbackModels() {}

  /**
   * Runs it.
   *
   * @param args the base URL of a server instead of OpenRouter, and a model; both optional
   */
  public static void main(String[] args) {
    Optional<OpenRouterChatModelBuilder> access = Access.to(args);
    if (access.isEmpty()) {
      return;
    }
    // tag::fallback[]
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              var reply = ctx.model().ask(Prompt.user("Name a colour.").maxTokens(50));
              var second = ctx.model().ask(Prompt.user("Name a shape.").maxTokens(50));
              return reply.text().isBlank() || second.text().isBlank() ? "nothing" : "answered";
            });

    try (var down = OpenRouterChatModel.builder("any").baseUrl("http://127.0.0.1:9/v1").build();
        var up = access.get().build();
        var orchestrator =
            Orchestrator.builder()
                .model("down", down)
                .model("up", up) // asked when the first one fails
                .listener(
                    event -> {
                      if (event.type().equals(EventTypes.CIRCUIT_STATE)) {
                        System.out.println(
                            "the route 'down' is " + event.data().at("/to").get().text());
                      }
                    })
                .team(Team.of(DecisionRule.by("writer"), writer))
                .build()) {
      OrchestrationResult result = orchestrator.run("Answer two questions");
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println(
          "errors charged to the writer: " + result.agent("writer").orElseThrow().errors());
    }
    // end::fallback[]
  }
}

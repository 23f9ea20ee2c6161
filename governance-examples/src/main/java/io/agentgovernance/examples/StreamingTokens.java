// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.openrouter.OpenRouterChatModelBuilder;
import java.util.Optional;

/** Tokens are shown as they come; the solution is what was accepted in the end. */
public final class StreamingTokens {
  private StreamingTokens() {}

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
    // tag::stream[]
    Agent poet =
        Agent.of(
            "poet",
            ctx -> ctx.model().ask(Prompt.user("Four lines on the sea.").maxTokens(200)).text());

    try (var model = access.get().onDelta((role, text) -> System.out.print("|" + text)).build();
        var orchestrator =
            Orchestrator.builder()
                .model("streaming", model)
                .team(Team.of(DecisionRule.by("poet"), poet))
                .build()) {
      var result = orchestrator.run("Write a poem");
      System.out.println("|");
      System.out.println(result.status() + ", " + result.usage().completionTokens() + " tokens");
    }
    // end::stream[]
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.Map;

/** A team of one's own: two agents, a tool, and records between them. */
public final class OwnAgentsAndTools {
  private OwnAgentsAndTools() {}

  // tag::records[]
  record CustomerId(String id) {}

  record Exposure(String customer, long euros) {}

  record Risk(int score, String reason) {}

  record Memo(String recommendation, String because) {}

  // end::records[]

  // tag::team[]
  /** Looks a customer's exposure up in the books. */
  static Tool exposure(Map<String, Long> books) {
    return Tool.of(
            "exposure",
            CustomerId.class,
            Exposure.class,
            (in, call) -> new Exposure(in.id(), books.getOrDefault(in.id(), 0L)))
        .describe("Total exposure of one customer")
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  /** An analyst who scores the risk, and a writer whose memo is the team's solution. */
  static Team credit() {
    Agent analyst =
        Agent.of(
                "analyst",
                Risk.class,
                ctx -> {
                  var customer = ctx.input("customer", CustomerId.class);
                  var exposure = ctx.tools().call("exposure", customer, Exposure.class);
                  var prompt = Prompt.user("Score the risk").data("exposure", exposure);
                  return ctx.model().ask(prompt).read(Risk.class);
                })
            .version("3")
            .tier(TrustTier.T1)
            .tools("exposure");

    Agent writer =
        Agent.of(
            "writer",
            Memo.class,
            ctx -> {
              var risk = ctx.awaitOutput("analyst", Risk.class);
              var prompt = Prompt.user("Write the memo").data("risk", risk);
              return ctx.model().ask(prompt).read(Memo.class);
            });

    return Team.of(DecisionRule.by("writer"), analyst, writer);
  }

  // end::team[]

  public static void main(String[] args) {
    Map<String, Long> books = Map.of("4711", 420_000L, "4712", 15_000L);

    // tag::run[]
    try (var orchestrator =
        Orchestrator.builder()
            .model("offline", OwnAgentsAndTools::answer)
            .tools(exposure(books))
            .team(credit())
            .build()) {
      OrchestrationResult result =
          orchestrator.run(
              RunRequest.of("Assess customer 4711").input("customer", new CustomerId("4711")));
      Memo memo = result.solution().orElseThrow().read(Memo.class);
      System.out.println(result.status() + ": " + memo.recommendation());
      System.out.println("because " + memo.because());
      System.out.println(result.usage().calls() + " model calls");
    }
    // end::run[]
  }

  /** Stands in for a language model: reads the figures in the prompt, needs no network. */
  private static ChatReply answer(ChatRequest request, Exchange exchange) {
    String prompt = request.messages().get(0).text();
    Object reply =
        exchange.role().name().equals("analyst")
            ? new Risk(prompt.contains("420000") ? 72 : 10, "exposure against the limit")
            : prompt.contains("72")
                ? new Memo("approve with collateral", "a score of 72 is above 50")
                : new Memo("approve", "the score is low");
    return ChatReply.of(Payload.of(reply).json(), Usage.of(180, 40), request.model());
  }
}

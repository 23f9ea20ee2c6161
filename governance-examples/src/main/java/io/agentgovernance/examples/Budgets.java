// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static io.agentgovernance.budget.Money.usd;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.PartnerEndedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a run may spend is reserved before a call; what an agent may get wrong is counted. */
public final class Budgets {
  private Budgets() {}

  record Mirror(int number) {}

  record Page(String text) {}

  public static void main(String[] args) {
    spend();
    errors();
  }

  // tag::prices[]
  /** Stands in for a language model that has prices: 3 and 15 dollars for a million tokens. */
  private static final class PricedModel implements ChatModel {
    private final AtomicInteger calls = new AtomicInteger();

    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) {
      calls.incrementAndGet();
      return ChatReply.of("a short summary", Usage.of(60, 20), request.model());
    }

    @Override
    public Optional<ModelPricing> pricing(String model) {
      return Optional.of(new ModelPricing(new BigDecimal("0.000003"), new BigDecimal("0.000015")));
    }
  }

  // end::prices[]

  private static void spend() {
    PricedModel model = new PricedModel();
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              String summary = ctx.model().ask(Prompt.user("Summarise").maxTokens(200)).text();
              try {
                return ctx.model().ask(Prompt.user("The whole story").maxTokens(50_000)).text();
              } catch (DeniedException e) {
                return summary; // e.rule() is SPENT; nothing was sent and nothing is owed
              }
            });

    // tag::spend[]
    try (var orchestrator =
        Orchestrator.builder()
            .model("offline", model)
            .team(Team.of(DecisionRule.by("writer"), writer))
            .spend(SpendBudget.perRun(usd("0.50"), 100_000))
            .build()) {
      OrchestrationResult result = orchestrator.run("Summarise the incident");
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println("denied: " + result.denials().get(0).reason());
      System.out.println(model.calls + " call was made, for " + result.usage().cost() + " USD");
    }
    // end::spend[]
  }

  private static void errors() {
    Tool fetch =
        Tool.of(
                "fetch",
                Mirror.class,
                Page.class,
                (in, call) -> {
                  throw new IllegalStateException("mirror " + in.number() + " is down");
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1);

    // tag::errors[]
    Agent fetcher =
        Agent.of(
                "fetcher",
                ctx -> {
                  ctx.blackboard().put("fetcher/known", List.of("title", "author"));
                  for (int mirror = 1; mirror <= 10; mirror++) {
                    try {
                      return ctx.tools().call("fetch", new Mirror(mirror), Page.class).text();
                    } catch (ToolFailedException e) {
                      // Tries the next one. "mirror 1 is down" and "mirror 2 is down" are the same
                      // error: the second repeat revokes this agent, in the middle of its loop.
                    }
                  }
                  return "nothing found";
                })
            .tools("fetch")
            .errorBudget(new ErrorBudget(8, 2, 1));

    Agent editor =
        Agent.of(
            "editor",
            ctx -> {
              try {
                return ctx.awaitOutput("fetcher", String.class);
              } catch (PartnerEndedException e) {
                var handoff = ctx.handoffs().get(0);
                var known = ctx.blackboard().get("fetcher/known").orElseThrow();
                return "went on after " + handoff.cause() + " with " + known.value().text();
              }
            });
    // end::errors[]

    try (var orchestrator =
        Orchestrator.builder()
            .tools(fetch)
            .team(Team.of(DecisionRule.by("editor"), fetcher, editor))
            .build()) {
      OrchestrationResult result = orchestrator.run("Collect the article");
      result
          .agents()
          .forEach(a -> System.out.println(a.role().name() + " " + a.status() + ", " + a.errors()));
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
    }
  }
}

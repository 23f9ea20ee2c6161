// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs whose calls of models cost something. */
abstract class Budgeted {
  static final Prompt QUESTION = Prompt.user("question").maxTokens(100);
  final ManualTime time = Scenes.time();
  final KeptLedger ledger = new KeptLedger();
  final AtomicInteger calls = new AtomicInteger();

  /** A model with prices, of one dollar for each token. */
  static ChatModel priced(ChatModel model) {
    return new ChatModel() {
      @Override
      public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
        return model.chat(request, exchange);
      }

      @Override
      public Optional<ModelPricing> pricing(String name) {
        return Optional.of(new ModelPricing(BigDecimal.ONE, BigDecimal.ONE));
      }
    };
  }

  static long reserved(LedgerEntry intent) {
    return Long.parseLong(KeptLedger.field(intent, "reserved_tokens"));
  }

  OrchestrationResult run(OrchestratorBuilder builder) {
    OrchestrationResult result = Scenes.run(builder.ledger(ledger), time);
    assertThat(result.agents().stream().map(AgentReport::usage).toList())
        .isEqualTo(List.of(result.usage()));
    return result;
  }

  /** Asks so many times; what is denied or fails is let go. */
  static OrchestratorBuilder asking(int times) {
    AgentBody<String> body =
        ctx -> {
          for (int i = 0; i < times; i++) {
            try {
              ctx.model().ask(i == 0 ? QUESTION : Prompt.user("question " + i).maxTokens(100));
            } catch (DeniedException | ModelException e) {
              // what it is charged with is in the result
            }
          }
          return "";
        };
    return Orchestrator.builder()
        .spend(SpendBudget.perRun(Money.usd("100000"), 1_000_000))
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body)));
  }
}

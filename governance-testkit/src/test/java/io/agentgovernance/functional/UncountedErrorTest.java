// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What counts for nothing, or once. */
class UncountedErrorTest extends Erring {
  @Test
  void anErrorCountsOnceAlsoIfItEscapesTheBody() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  ctx.tools().call("market", new Fruit("apple"));
                  return "";
                }));

    assertThat(result.agents().get(0).errors()).isEqualTo(1);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.FAILED);
    assertThat(result.handoffs()).hasSize(1);
  }

  @Test
  void aSpentBudgetCountsForNothing() {
    var called = new AtomicInteger();

    OrchestrationResult result =
        Scenes.run(
            failing(
                    ctx -> {
                      for (int i = 0; i < 10; i++) {
                        try {
                          ctx.model().ask(Prompt.user("question " + i));
                        } catch (DeniedException e) {
                          assertThat(e.rule()).isEqualTo("SPENT");
                        }
                      }
                      return "";
                    })
                .spend(SpendBudget.perRun(Money.usd("1"), 10))
                .model(
                    "m",
                    (request, exchange) -> {
                      called.incrementAndGet();
                      return Scenes.reply("ok");
                    }));

    assertThat(called).hasValue(0);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).isZero();
    assertThat(result.denials()).hasSize(10);
  }

  @Test
  void anOpenRouteCountsForNothing() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                    ctx -> {
                      for (int i = 0; i < 20; i++) {
                        try {
                          ctx.model().ask(Prompt.user("question " + WORDS[i % 9] + i));
                        } catch (RuntimeException e) {
                          if (e instanceof AgentStoppedException) {
                            throw e;
                          }
                        }
                      }
                      return "";
                    })
                .model(
                    "m",
                    new ChatModel() {
                      private final AtomicInteger calls = new AtomicInteger();

                      @Override
                      public ChatReply chat(ChatRequest request, Exchange exchange) {
                        throw new ModelException(
                            ModelException.Kind.NOT_FOUND,
                            "no model " + WORDS[calls.getAndIncrement() % 9]);
                      }
                    }));

    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).as("until the breaker opened").isEqualTo(5);
  }

  @Test
  void beingStoppedCountsForNothing() {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .team(
                Team.of(
                    DecisionRule.by("one"),
                    Agent.of(
                        "one",
                        ctx -> {
                          ctx.receive(Duration.ofHours(1));
                          return "";
                        }),
                    Agent.of(
                        "other",
                        ctx -> {
                          ctx.receive(Duration.ofHours(1));
                          return "";
                        })));

    try (var orchestrator = builder.build()) {
      var run = orchestrator.start(RunRequest.of("Reach something"));
      run.stop("enough");
      OrchestrationResult result = run.completion().join();

      assertThat(result.agents())
          .allSatisfy(
              agent -> {
                assertThat(agent.errors()).isZero();
                assertThat(agent.status()).isEqualTo(AgentStatus.STOPPED);
              });
      assertThat(result.handoffs()).isEmpty();
    }
  }
}

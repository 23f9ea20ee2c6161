// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tokens and money: reserved before a call, settled with what it really took. */
class BudgetTest extends Budgeted {
  private ChatModel using(long prompt, long completion) {
    return (request, exchange) -> {
      calls.incrementAndGet();
      return ChatReply.of("ok", Usage.of(prompt, completion), "m");
    };
  }

  @Test
  void whatWouldExceedTheTokensIsRefusedBeforeTheModelIsCalled() {
    OrchestrationResult result =
        run(asking(1).spend(SpendBudget.perRun(Money.usd("1"), 100)).model("m", using(1, 1)));

    assertThat(calls).hasValue(0);
    assertThat(result.denials()).singleElement().matches(d -> d.rule().equals("SPENT"));
    assertThat(result.usage()).isEqualTo(Spend.NONE);
    assertThat(ledger.entries(LedgerTypes.INTENT)).isEmpty();
  }

  @Test
  void whatWouldExceedTheMoneyIsRefusedBeforeTheModelIsCalled() {
    OrchestrationResult result =
        run(
            asking(1)
                .spend(SpendBudget.perRun(Money.usd("100"), 1_000_000))
                .model("m", priced(using(1, 1))));

    assertThat(calls).hasValue(0);
    assertThat(result.denials()).hasSize(1);
  }

  @Test
  void theReservationCoversThePromptsBytesAndAllTokensOfTheReply() {
    var reserved = new AtomicLong();
    OrchestrationResult result =
        run(
            asking(1)
                .model(
                    "m",
                    (request, exchange) -> {
                      LedgerEntry intent = ledger.entries(LedgerTypes.INTENT).get(0);
                      reserved.set(Long.parseLong(KeptLedger.field(intent, "reserved_tokens")));
                      assertThat(reserved.get()).isEqualTo(request.promptBytes() + 100);
                      return Scenes.reply("ok");
                    }));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(reserved.get()).isGreaterThan(100);
    assertThat(result.usage().reservedTokens()).isZero();
  }

  @Test
  void whatACallReallyTookIsSettledSoThatMoreCallsFit() {
    OrchestrationResult result =
        run(
            asking(5)
                .spend(SpendBudget.perRun(Money.usd("1000"), 400))
                .model("m", priced(using(10, 5))));

    assertThat(calls).hasValue(5);
    assertThat(result.usage().tokens()).isEqualTo(75);
    assertThat(result.usage().cost()).isEqualByComparingTo("75");
  }

  @Test
  void theProvidersOwnCostWinsOverThePriceList() {
    OrchestrationResult result =
        run(
            asking(1)
                .model(
                    "m",
                    priced(
                        (request, exchange) ->
                            ChatReply.of("ok", new Usage(3, 4, new BigDecimal("0.07")), "m"))));

    assertThat(result.usage().cost()).isEqualByComparingTo("0.07");
  }

  @Test
  void sumsAreExactWithSixteenAgentsThatCallAtOnce() {
    int agents = 16;
    long each = 5;
    var barrier = new CyclicBarrier(agents);
    Agent[] all = new Agent[agents];
    for (int i = 0; i < agents; i++) {
      int number = i;
      all[i] =
          Agent.of(
              "a" + i,
              ctx -> {
                barrier.await();
                for (int call = 0; call < each; call++) {
                  ctx.model().ask(Prompt.user("question " + number + " " + call).maxTokens(10));
                }
                return "";
              });
    }

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("m", priced(using(7, 3)))
                .spend(SpendBudget.perRun(Money.usd("1000000"), 1_000_000))
                .team(Team.of(DecisionRule.collect(), all)));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    Spend usage = result.usage();
    assertThat(usage.calls()).isEqualTo(agents * each);
    assertThat(usage.promptTokens()).isEqualTo(agents * each * 7L);
    assertThat(usage.completionTokens()).isEqualTo(agents * each * 3L);
    assertThat(usage.cost()).isEqualByComparingTo("" + agents * each * 10);
    assertThat(usage.committedTokens()).isEqualTo(usage.tokens());
    assertThat(result.agents().stream().mapToLong(a -> a.usage().tokens()).sum())
        .isEqualTo(usage.tokens());
  }

  @Test
  void ofSixteenAgentsNoMoreAreLetThroughThanTheBudgetHolds() {
    int agents = 16;
    var barrier = new CyclicBarrier(agents);
    var denied = new AtomicInteger();
    Agent[] all = new Agent[agents];
    for (int i = 0; i < agents; i++) {
      all[i] =
          Agent.of(
              "a" + i,
              ctx -> {
                barrier.await();
                try {
                  ctx.model().ask(Prompt.user("q").maxTokens(1_000));
                } catch (DeniedException e) {
                  denied.incrementAndGet();
                }
                return "";
              });
    }
    ChatModel takesAll =
        (request, exchange) -> {
          calls.incrementAndGet();
          return ChatReply.of("ok", Usage.of(request.promptBytes(), request.maxTokens()), "m");
        };

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("m", takesAll)
                .spend(SpendBudget.perRun(Money.usd("1"), 5_500))
                .team(Team.of(DecisionRule.collect(), all)));

    assertThat(calls).hasValue(5);
    assertThat(denied).hasValue(11);
    assertThat(result.usage().committedTokens()).isLessThanOrEqualTo(5_500);
  }
}

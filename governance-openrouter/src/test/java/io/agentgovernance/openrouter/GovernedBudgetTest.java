// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.math.BigDecimal;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a run may spend on models, and what it does. */
class GovernedBudgetTest extends GovernedServer {
  @Test
  void aCallThatWouldExceedTheBudgetIsRefusedBeforeAByteIsSent() {
    OrchestrationResult result =
        run(
            builder("vendor/a")
                .spend(SpendBudget.perRun(Money.usd("0.0010"), 1_000_000))
                .team(Team.of(DecisionRule.collect(), asking("one", 1))));

    assertThat(server.getRequestCount()).isZero();
    assertThat(result.denials()).singleElement().matches(denial -> denial.rule().equals("SPENT"));
    assertThat(result.usage().committedTokens()).isZero();
  }

  /** The control: with a budget that it fits into, the same call is sent. */
  @Test
  void aCallThatFitsIsSent() {
    OrchestrationResult result =
        run(
            builder("vendor/a")
                .spend(SpendBudget.perRun(Money.usd("0.0100"), 1_000_000))
                .team(Team.of(DecisionRule.collect(), asking("one", 1))));

    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(result.usage().cost()).isEqualByComparingTo("0.001");
  }

  private OrchestrationResult sixteen(String budget, int callsEach) {
    CyclicBarrier together = new CyclicBarrier(16);
    Agent[] agents = new Agent[16];
    for (int i = 0; i < agents.length; i++) {
      int number = i;
      agents[i] =
          Agent.of(
              "a" + i,
              ctx -> {
                together.await(30, TimeUnit.SECONDS);
                for (int call = 0; call < callsEach; call++) {
                  ctx.model().ask(Prompt.user("q " + number + " " + call).maxTokens(100));
                }
                return "";
              });
    }
    try (Orchestrator orchestrator =
        builder("vendor/a")
            .time(TimeSource.system())
            .workers(Workers.platform(40))
            .spend(SpendBudget.perRun(Money.usd(budget), 10_000_000))
            .team(Team.of(DecisionRule.collect(), agents))
            .build()) {
      return orchestrator.run("Reach something");
    }
  }

  @Test
  void sixteenAgentsAtOnceNeverOverspendWithHonestReservations() {
    answers = model -> ok(60, 100, "0.00106");

    OrchestrationResult result = sixteen("0.0200", 4);

    assertThat(result.denials()).isNotEmpty();
    assertThat(result.usage().cost()).isLessThanOrEqualTo(new BigDecimal("0.0200"));
    assertThat(result.usage().cost())
        .isEqualByComparingTo(
            new BigDecimal("0.00106").multiply(BigDecimal.valueOf(asked("vendor/a"))));
    assertThat(
            result.agents().stream()
                .map(a -> a.usage().cost())
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(result.usage().cost());
  }

  /** The control: a provider that charges more than was reserved does overspend, by what flew. */
  @Test
  void aProviderThatChargesMoreOverspendsByTheCallsInFlightAndThenNoMore() {
    BigDecimal each = new BigDecimal("0.0050");
    answers = model -> ok(60, 400, each.toPlainString());

    OrchestrationResult result = sixteen("0.0200", 4);

    int sent = asked("vendor/a");
    assertThat(result.denials()).isNotEmpty();
    assertThat(result.usage().cost()).isGreaterThan(new BigDecimal("0.0200"));
    assertThat(result.usage().cost()).isEqualByComparingTo(each.multiply(BigDecimal.valueOf(sent)));
    assertThat(sent).as("no call begins once the budget is spent").isLessThanOrEqualTo(4 + 16);
  }
}

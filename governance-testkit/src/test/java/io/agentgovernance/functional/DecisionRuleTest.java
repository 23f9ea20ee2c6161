// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionRuleTest {
  private static final Agent ONE = Agent.of("one", ctx -> "1");
  private static final Agent TWO = Agent.of("two", ctx -> "2");
  private static final Agent FAILS =
      Agent.of(
          "fails",
          ctx -> {
            throw Mishap.lasting("no");
          });

  @Test
  void theOutputOfTheNamedRoleIsTheSolution() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.by("two"), ONE, TWO));

    assertThat(result.outcome()).isEqualTo(new Outcome.Accepted(Payload.text("2"), "two"));
  }

  @Test
  void theFailureOfAnotherRoleDoesNotMatterToTheNamedOne() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.by("two"), FAILS, TWO));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void withoutTheNamedRolesOutputThereIsNoSolution() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.by("fails"), FAILS, TWO));

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_FAILED);
    assertThat(result.agent("two").orElseThrow().output()).contains(Payload.text("2"));
  }

  @Test
  void collectHoldsAllOutputs() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.collect(), ONE, TWO));

    assertThat(result.outcome())
        .isEqualTo(new Outcome.Accepted(Payload.of(Map.of("one", "1", "two", "2")), "COLLECT"));
  }

  @Test
  void collectCompletesOnlyIfEveryAgentDid() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.collect(), ONE, FAILS));

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_FAILED);
    assertThat(result.solution()).isEmpty();
  }

  @Test
  void aRuleMustNameARoleOfTheTeam() {
    assertThatThrownBy(() -> Team.of(DecisionRule.by("three"), ONE, TWO))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one, two");
  }

  @Test
  void everyOutcomeHasItsStatus() {
    Map<Outcome, PipelineStatus> table = new LinkedHashMap<>();
    table.put(new Outcome.Accepted(Payload.empty(), "QUORUM"), PipelineStatus.COMPLETED);
    table.put(new Outcome.NoConsensus("why"), PipelineStatus.ORCHESTRATION_FAILED);
    table.put(new Outcome.TimedOut(Duration.ofSeconds(1)), PipelineStatus.TIMEOUT);
    table.put(new Outcome.Stopped("host", "why"), PipelineStatus.STOPPED);
    table.put(new Outcome.AwaitingApproval(List.of()), PipelineStatus.AWAITING_APPROVAL);
    table.put(new Outcome.Failed("ALL_AGENTS_FAILED", ""), PipelineStatus.FAILED);
    table.put(new Outcome.Failed("LEDGER", ""), PipelineStatus.ORCHESTRATION_ERROR);

    assertThat(table)
        .allSatisfy((outcome, status) -> assertThat(outcome.status()).isEqualTo(status));
    assertThat(Outcome.class.getPermittedSubclasses())
        .as("a new case would break the table")
        .hasSize(6)
        .allMatch(type -> table.keySet().stream().anyMatch(type::isInstance));
  }

  @Test
  void matchGivesEachOutcomeToItsOwnFunction() {
    List<Outcome> all =
        List.of(
            new Outcome.Accepted(Payload.empty(), "QUORUM"),
            new Outcome.NoConsensus("why"),
            new Outcome.TimedOut(Duration.ofSeconds(1)),
            new Outcome.Stopped("host", "why"),
            new Outcome.AwaitingApproval(List.of()),
            new Outcome.Failed("LEDGER", ""));

    assertThat(all.stream().map(DecisionRuleTest::name))
        .containsExactly("accepted", "none", "timed out", "stopped", "awaiting", "failed");
  }

  private static String name(Outcome outcome) {
    return outcome.match(
        accepted -> "accepted",
        none -> "none",
        timedOut -> "timed out",
        stopped -> "stopped",
        awaiting -> "awaiting",
        failed -> "failed");
  }
}

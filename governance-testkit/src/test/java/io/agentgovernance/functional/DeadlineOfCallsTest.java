// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.testkit.ScriptedModel;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;

/** A call may take no longer than its run: both end at the same instant, and the run decides. */
class DeadlineOfCallsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));

  @RepeatedTest(20)
  void aModelCallThatLastsUntilTheDeadlineIsNoErrorOfItsAgent() throws InterruptedException {
    Agent asking = Agent.of("asking", ctx -> ctx.model().ask(Prompt.user("Hello")).text());

    OrchestrationResult result = outOfTime(asking);

    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.TIMED_OUT);
    assertThat(result.agents().get(0).errors()).isZero();
  }

  @RepeatedTest(20)
  void aToolCallThatLastsUntilTheDeadlineIsNoErrorOfItsAgent() throws InterruptedException {
    Agent calling =
        Agent.of("calling", ctx -> ctx.tools().call("sleep", Map.of()).text())
            .tier(TrustTier.T3)
            .tools("sleep");

    OrchestrationResult result = outOfTime(calling);

    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
    assertThat(result.agents().get(0).errors()).isZero();
  }

  private OrchestrationResult outOfTime(Agent agent) throws InterruptedException {
    ScriptedModel model = ScriptedModel.create();
    model.on("asking").hang();
    Tool sleep =
        Tool.of(
            "sleep",
            Map.class,
            String.class,
            (in, call) -> {
              time.waiter().await(Duration.ofDays(1));
              return "late";
            });
    try (var orchestrator =
        Orchestrator.builder()
            .model("scripted", model)
            .tools(sleep)
            .time(time)
            .timeout(TIMEOUT)
            .team(Team.of(DecisionRule.collect(), agent))
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Wait"));
      time.advanceWhenIdle(TIMEOUT);
      return run.await();
    }
  }
}

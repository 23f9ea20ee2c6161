// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.testkit.ManualTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MediatorLimitTest {
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void theLimitOfAMediatorEndsWithIt() {
    Agent worker = Agent.of("worker", ctx -> "done");
    try (var orchestrator =
        Orchestrator.builder()
            .model("local:")
            .time(time)
            .team(Team.of(DecisionRule.by("worker"), worker))
            .complexity((objective, documents) -> 1)
            .build()) {
      OrchestrationResult result = orchestrator.run("Something with many parts");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.agent("GAMMA").orElseThrow().status()).isEqualTo(AgentStatus.COMPLETED);
      assertThat(time.pendingTimers()).isZero();
    }
  }
}

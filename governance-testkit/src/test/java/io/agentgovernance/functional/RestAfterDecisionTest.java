// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/** Whoever awaits a run after a decision awaits what comes next, not the rest before it. */
class RestAfterDecisionTest {
  private final Agent writer =
      Agent.of("writer", ctx -> ctx.tools().call("send", "hello", String.class))
          .tier(TrustTier.T3)
          .tools("send");
  private final Orchestrator orchestrator =
      Orchestrator.builder()
          .tools(Tool.of("send", String.class, String.class, (in, call) -> "sent"))
          .team(Team.of(DecisionRule.by("writer"), writer))
          .policy(
              action ->
                  action.name().equals("tool:send")
                      ? Verdict.requireApproval("May it go?", Duration.ofHours(1))
                      : Verdict.allow())
          .approver(Approver.queue())
          .build();

  @AfterEach
  void close() {
    orchestrator.close();
  }

  @RepeatedTest(20)
  void aRunThatRestedIsAwaitedToItsEnd() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      OrchestrationResult resting = orchestrator.run("Send the letter");
      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);

      orchestrator.approvals().approve(orchestrator.approvals().pending().get(0), "maria");

      OrchestrationResult result = orchestrator.find(resting.run()).orElseThrow().await();
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }
}

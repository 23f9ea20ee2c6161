// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static io.agentgovernance.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.policy.Action;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyPolicyTest {
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final FaultyPolicy policy = FaultyPolicy.allowing(time);

  @Test
  void aHealthyOneChangesNothing() {
    assertThat(run()).completed().hasNoDenials();
  }

  @Test
  void whatThrowsDenies() {
    policy.inject(new PolicyFault.Throw(), Action.MODEL);

    assertThat(run()).hasNoSolution().deniedBy("POLICY_ERROR");
  }

  @Test
  void whatReturnsNullDenies() {
    policy.inject(new PolicyFault.NullVerdict());

    assertThat(run()).hasNoSolution().deniedBy("NULL_VERDICT");
  }

  @Test
  void whatHangsDeniesAtTheTimeout() {
    policy.inject(new PolicyFault.Hang(), Action.PROPOSAL);

    assertThat(run()).deniedBy("POLICY_TIMEOUT");
    assertThat(policy.hung()).isZero();
  }

  @Test
  void whatIsSlowDeniesOnlyBeyondTheTimeout() {
    policy.inject(new PolicyFault.Slow(Duration.ofMillis(10)));
    assertThat(run()).completed().hasNoDenials();

    policy.inject(new PolicyFault.Slow(Duration.ofSeconds(2)), Action.PROPOSAL);
    assertThat(run()).deniedBy("POLICY_TIMEOUT");
  }

  @Test
  void onlyTheChosenKindsAreHit() {
    policy.inject(new PolicyFault.Throw(), Action.TOOL);

    assertThat(run()).completed().hasNoDenials();
  }

  private OrchestrationResult run() {
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .model("scripted", StandardScripts.agreeing())
            .policy(policy)
            .time(time)
            .build()) {
      return time.advanceUntilDone(
          orchestrator.start(RunRequest.of("Choose a cache.")).completion());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * The intent of a tool call and the begun call are written at once, so a process can die when its
 * ledger has the first and its checkpoints do not have the second. The call was not made then.
 */
class UnrememberedIntentTest {
  record Amount(int value) {}

  private final AtomicInteger paid = new AtomicInteger();
  private final RecordedCheckpoints whole = new RecordedCheckpoints(Durability.DURABLE);
  private final KeptLedger ledger = new KeptLedger();

  @Test
  void theSameIntentIsNotWrittenTwice() {
    OrchestrationResult resumed = resume(entry -> entry.body());

    assertThat(resumed.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(resumed.warnings()).isEmpty();
    assertThat(paid).hasValue(2); // the uninterrupted run, and the resumed one
    assertThat(ledger.entries(LedgerTypes.INTENT)).hasSize(1);
    assertThat(ledger.entries(LedgerTypes.OUTCOME)).hasSize(1);
  }

  @Test
  void anIntentOfOtherContentDoesNotStandInTheWay() {
    OrchestrationResult resumed = resume(entry -> Payload.json("{\"policies\":\"earlier ones\"}"));

    assertThat(resumed.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(resumed.denials()).isEmpty();
    assertThat(paid).hasValue(2);
    assertThat(ledger.entries(LedgerTypes.INTENT))
        .extracting(LedgerEntry::idempotencyKey)
        .satisfiesExactly(
            first -> assertThat(first).endsWith("/intent"),
            second -> assertThat(second).endsWith("/intent@2"));
    assertThat(ledger.entries(LedgerTypes.OUTCOME)).hasSize(1);
  }

  private interface Rewriting {
    Payload body(LedgerEntry intent);
  }

  /**
   * Makes a run, and resumes what a process left of it that died before the call was remembered.
   */
  private OrchestrationResult resume(Rewriting rewriting) {
    var first = new KeptLedger();
    OrchestrationResult made;
    try (var orchestrator = builder(whole, first).build()) {
      made = orchestrator.run(RunRequest.of("Pay"));
    }
    assertThat(made.status()).isEqualTo(PipelineStatus.COMPLETED);
    LedgerEntry intent = first.entries(LedgerTypes.INTENT).get(0);
    ledger
        .append(
            new LedgerDraft(
                intent.run(),
                intent.agent(),
                intent.tenant(),
                intent.type(),
                intent.at(),
                intent.idempotencyKey(),
                rewriting.body(intent)))
        .join();
    CheckpointStore left = Backends.checkpoints();
    long epoch = left.claim(made.run(), 0).orElseThrow();
    left.append(made.run(), epoch, beforeTheCall());
    left.release(made.run(), epoch);
    try (var orchestrator = builder(left, ledger).build()) {
      return orchestrator.resume(made.run()).completion().orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private List<Delta> beforeTheCall() {
    List<Delta> before = new ArrayList<>();
    for (List<Delta> batch : whole.batches()) {
      if (batch.stream().anyMatch(Delta.Journaled.class::isInstance)) {
        return before;
      }
      before.addAll(batch);
    }
    throw new AssertionError("the run remembered no call");
  }

  private OrchestratorBuilder builder(CheckpointStore checkpoints, KeptLedger to) {
    return Orchestrator.builder()
        .tools(
            Tool.of("pay", Amount.class, Amount.class, (amount, call) -> pay(amount))
                .effect(Effect.IDEMPOTENT)
                .requires(TrustTier.T1))
        .team(
            Team.of(
                DecisionRule.by("clerk"),
                Agent.of(
                        "clerk",
                        Amount.class,
                        context -> context.tools().call("pay", new Amount(7), Amount.class))
                    .tier(TrustTier.T1)
                    .tools("pay")))
        .checkpoints(checkpoints)
        .ledger(to);
  }

  private Amount pay(Amount amount) {
    paid.incrementAndGet();
    return amount;
  }
}

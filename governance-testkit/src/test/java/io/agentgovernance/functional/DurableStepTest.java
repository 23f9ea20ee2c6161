// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.LateCheckpoints.Look;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Steps whose result is on stable storage before the body has it. */
class DurableStepTest {
  private final KeptLedger kept = new KeptLedger(Durability.DURABLE);
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger wentOn = new AtomicInteger();

  /** How often the body had gone on when the result of a step was in the checkpoints. */
  private final List<Integer> before = new CopyOnWriteArrayList<>();

  private void look(List<Delta> written) {
    for (Delta delta : written) {
      if (delta instanceof Delta.Journaled) {
        before.add(wentOn.get());
      }
    }
  }

  private Team team(java.util.function.Function<AgentContext, Integer> step) {
    return Team.of(
        DecisionRule.by("one"),
        Agent.of(
            "one",
            ctx -> {
              int first = step.apply(ctx);
              wentOn.incrementAndGet();
              return "" + first;
            }));
  }

  private int durably(AgentContext ctx) {
    return ctx.durableStep("count", Integer.class, done::incrementAndGet);
  }

  private OrchestratorBuilder builder(CheckpointStore checkpoints) {
    return Orchestrator.builder().ledger(kept).checkpoints(checkpoints).team(team(this::durably));
  }

  @Test
  void itsResultIsRememberedAndInTheLedgerBeforeTheBodyGoesOn() {
    try (var checkpoints = new LateCheckpoints(Look.BEFORE_IT_IS_TOLD, this::look);
        var orchestrator = builder(checkpoints).build()) {
      OrchestrationResult result = orchestrator.run("Count");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
    assertThat(before).containsExactly(0);
    List<LedgerEntry> steps = kept.entries(LedgerTypes.STEP);
    assertThat(steps).hasSize(1);
    assertThat(KeptLedger.field(steps.get(0), "step")).isEqualTo("count");
    assertThat(KeptLedger.field(steps.get(0), "output")).isEqualTo(Payload.of(1).digest().hex());
  }

  /** The control: a step that is not durable by itself. */
  @Test
  void thatOfAnotherStepIsNot() {
    Team other = team(ctx -> ctx.step("count", Integer.class, done::incrementAndGet));
    try (var checkpoints = new LateCheckpoints(Look.BEFORE_IT_IS_TOLD, this::look);
        var orchestrator = builder(checkpoints).team(other).build()) {
      assertThat(orchestrator.run("Count").status()).isEqualTo(PipelineStatus.COMPLETED);
    }
    assertThat(before).containsExactly(1);
    assertThat(kept.entries(LedgerTypes.STEP)).isEmpty();
  }

  @Test
  void aRunThatIsResumedGetsTheResultAndNotTheWorkAgain() {
    var recorded = new RecordedCheckpoints(Durability.DURABLE);
    OrchestrationResult whole;
    try (var orchestrator = builder(recorded).build()) {
      whole = orchestrator.run("Count");
    }
    List<Delta> left = new ArrayList<>();
    for (Delta delta : recorded.appended()) {
      left.add(delta);
      if (delta instanceof Delta.Journaled) {
        break;
      }
    }
    CheckpointStore store = Backends.checkpoints();
    long epoch = store.claim(whole.run(), 0).orElseThrow();
    store.append(whole.run(), epoch, left);
    store.release(whole.run(), epoch);

    try (var orchestrator = builder(store).build()) {
      OrchestrationResult resumed = orchestrator.resume(whole.run()).completion().join();

      assertThat(resumed.solution()).isEqualTo(whole.solution());
    }
    assertThat(done).hasValue(1);
    assertThat(wentOn).hasValue(2);
    assertThat(kept.entries(LedgerTypes.STEP)).hasSize(1);
  }

  @Test
  void withoutItsEntryItIsWithheld() {
    var faulty = new FaultyLedger(kept, TimeSource.system());
    Team team =
        team(
            ctx -> {
              faulty.inject(new LedgerFault.FailOnType(LedgerTypes.STEP));
              return durably(ctx);
            });
    try (var orchestrator = builder(Backends.checkpoints()).ledger(faulty).team(team).build()) {
      assertThat(orchestrator.run("Count").outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEDGER"));
    }
    assertThat(done).hasValue(1);
    assertThat(wentOn).hasValue(0);
  }
}

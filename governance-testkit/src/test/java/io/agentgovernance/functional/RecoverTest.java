// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RecoverOptions;
import io.agentgovernance.Recovery;
import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.ResumeRefusedException.Reason;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.UnfinishedRun;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What closing leaves, and how an application takes up again what was left. */
class RecoverTest extends Recovered {
  private final KeptLedger ledger = new KeptLedger();

  @Test
  void closingLeavesARunThatIsRememberedDurably() {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    Orchestration run;
    try (var first = asking(new CountDownLatch(1)).checkpoints(store).ledger(ledger).build()) {
      run = first.start(RunRequest.of("Reach something"));
      awaitCalls(1);
    }

    OrchestrationResult left = ended(run);
    assertThat(left.outcome())
        .isInstanceOfSatisfying(
            Outcome.Stopped.class, by -> assertThat(by.by()).isEqualTo("orchestrator"));
    assertThat(ledger.entries(LedgerTypes.STOP)).isEmpty();
    assertThat(ledger.entries(LedgerTypes.STATUS)).isEmpty();
    assertThat(store.unfinished(10)).containsExactly(run.id());
    assertThat(store.held(run.id())).isFalse();
    try (var second = asking(new CountDownLatch(0)).checkpoints(store).ledger(ledger).build()) {
      OrchestrationResult result = ended(second.resume(run.id()));

      assertThat(result.solution()).contains(Payload.text("re: well?"));
      assertThat(result.warnings()).isEmpty();
      assertThat(world.calls()).as("the model").hasSize(1);
      assertThat(second.unfinished(10)).isEmpty();
    }
    assertThat(ledger.entries(LedgerTypes.STATUS)).hasSize(1);
  }

  @Test
  void closingStopsARunThatIsNot() {
    var store = new RecordedCheckpoints(Durability.MEMORY);
    Orchestration run;
    try (var first = asking(new CountDownLatch(1)).checkpoints(store).ledger(ledger).build()) {
      run = first.start(RunRequest.of("Reach something"));
      awaitCalls(1);
    }

    assertThat(ended(run).status()).isEqualTo(PipelineStatus.STOPPED);
    assertThat(ledger.entries(LedgerTypes.STOP)).hasSize(1);
    assertThat(ledger.entries(LedgerTypes.STATUS)).hasSize(1);
    assertThat(store.unfinished(10)).isEmpty();
  }

  @Test
  void aRestingRunKeepsItsQuestion() {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    ApprovalRequest asked;
    OrchestrationResult resting;
    try (var first = paying(Approver.queue()).checkpoints(store).build()) {
      resting = first.run("Pay");
      asked = first.approvals().pending().get(0);
    }
    try (var second = paying(Approver.queue()).checkpoints(store).build()) {
      Orchestration run = second.resume(resting.run());
      OrchestrationResult again = await(run);
      assertThat(again.outcome()).isInstanceOf(Outcome.AwaitingApproval.class);
      assertThat(second.approvals().pending()).containsExactly(asked);
      assertThat(world.transfers()).isEmpty();

      second.approvals().approve(asked, "anna");

      assertThat(ended(run).solution()).contains(Payload.text("moved 1"));
    }
    assertThat(world.transfers()).containsExactly(1L);
  }

  private static OrchestrationResult await(Orchestration run) {
    try {
      return run.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private OrchestratorBuilder paying(Approver approver) {
    return Orchestrator.builder()
        .tools(world.transfer())
        .policy(Bank.fourEyes(Duration.ofDays(1)))
        .approver(approver)
        .team(
            Processes.only(
                ctx -> ctx.tools().call("transfer", new Transfer(1)).text(), "transfer"));
  }

  @Test
  void recoverTakesUpWhatNobodyIsAtAndSaysWhatItCannot() {
    CheckpointStore store = Backends.checkpoints();
    Left orphan = left("run-1");
    Left changed = left("run-2");
    Left skipped = left("run-3");
    Left other = left("run-4");
    for (Left each : new Left[] {changed, orphan, skipped, other}) {
      each.put(store);
    }
    var release = new CountDownLatch(1);
    try (var busy = asking(release).checkpoints(store).build();
        var application = asking(new CountDownLatch(0)).checkpoints(store).build()) {
      Orchestration held = busy.start(RunRequest.of("Reach something").id(RunId.of("run-0")));
      Team stranger = Processes.only(ctx -> "other").withoutMediator().mediator(gamma());

      assertThat(application.unfinished(10))
          .extracting(unfinished -> unfinished.run().value())
          .as("oldest first")
          .containsExactly("run-2", "run-1", "run-3", "run-4", "run-0");
      assertThat(application.unfinished(10))
          .filteredOn(UnfinishedRun::held)
          .extracting(UnfinishedRun::run)
          .containsExactly(held.id());
      assertThat(application.unfinished(2)).hasSize(2);

      Recovery recovery =
          application.recover(
              RecoverOptions.all()
                  .each(
                      unfinished ->
                          switch (unfinished.run().value()) {
                            case "run-2" ->
                                Optional.of(ResumeRequest.of(unfinished.run()).team(stranger));
                            case "run-3" -> Optional.empty();
                            default -> Optional.of(ResumeRequest.of(unfinished.run()));
                          }));

      assertThat(recovery.resumed())
          .extracting(run -> run.id().value())
          .containsExactly("run-1", "run-4");
      assertThat(recovery.refused().keySet()).extracting(RunId::value).containsExactly("run-2");
      assertThat(recovery.refused().get(changed.run()))
          .isInstanceOfSatisfying(
              ResumeRefusedException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.DEFINITION_CHANGED));
      recovery.resumed().forEach(run -> assertCompleted(ended(run)));
      assertThat(application.unfinished(10))
          .extracting(unfinished -> unfinished.run().value())
          .containsExactly("run-2", "run-3", "run-0");
      assertThat(application.recover(RecoverOptions.all()).resumed())
          .extracting(run -> run.id().value())
          .containsExactly("run-2", "run-3");
      release.countDown();
      assertCompleted(ended(held));
    }
  }

  private static void assertCompleted(OrchestrationResult result) {
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  private static Agent gamma() {
    return Agent.of("GAMMA", ctx -> "none");
  }

  private Left left(String id) {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    try (var orchestrator = asking(new CountDownLatch(0)).checkpoints(store).build()) {
      OrchestrationResult result =
          orchestrator.run(RunRequest.of("Reach something").id(RunId.of(id)));
      return Left.of(store, result.run()).upTo(Processes.journaled("model"));
    }
  }

  private OrchestratorBuilder asking(CountDownLatch release) {
    return Orchestrator.builder()
        .model("m", world.model())
        .team(
            Processes.only(
                ctx -> {
                  String reply = ctx.model().ask(Prompt.user("well?")).text();
                  release.await();
                  return reply;
                }));
  }

  private void awaitCalls(int calls) {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (world.calls().size() < calls) {
      assertThat(System.nanoTime()).isLessThan(limit);
      Thread.onSpinWait();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a call that was in flight when its process died. */
class ResumeUnknownOutcomeTest {
  private final World dead = new World();
  private final World alive = new World();

  @ParameterizedTest
  @ValueSource(strings = {"balance", "book"})
  void aToolThatMayBeRepeatedIsCalledAgainWithTheSameKey(String tool) {
    Left left = Processes.ended(calling(dead, tool)).upTo(Processes.begun());
    KeptLedger ledger = new KeptLedger();

    Processes.resume(left, calling(alive, tool).ledger(ledger).approver(alive));

    assertThat(alive.calls()).hasSize(1).isEqualTo(dead.calls());
    assertThat(alive.asked()).isEmpty();
    assertThat(ledger.entries(LedgerTypes.OUTCOME))
        .extracting(entry -> KeptLedger.field(entry, "result"))
        .containsExactly("UNKNOWN", "DONE");
  }

  @Test
  void aToolThatIsCalledOnceAsksAPersonAndIsCalledOnceMore() {
    Left left = inTransfer();

    OrchestrationResult result = Processes.resume(left, transferring(alive).approver(alive));

    assertThat(alive.asked())
        .extracting(ApprovalRequest::policy)
        .containsExactly("OUTCOME_UNKNOWN");
    assertThat(alive.transfers()).containsExactly(100L);
    assertThat(alive.calls()).isEqualTo(dead.calls());
    assertThat(result.solution()).contains(Payload.text("moved 100"));
  }

  @Test
  void aCallThatWasNotBegunAsksNobody() {
    Left left = Processes.ended(transferring(dead)).before(Processes.begun());

    OrchestrationResult result = Processes.resume(left, transferring(alive).approver(alive));

    assertThat(alive.asked()).isEmpty();
    assertThat(alive.transfers()).containsExactly(100L);
    assertThat(result.solution()).contains(Payload.text("moved 100"));
  }

  @Test
  void aCallThatCameBackIsNotMadeAgain() {
    Left left = Processes.ended(transferring(dead)).upTo(Processes.journaled("tool"));

    OrchestrationResult result = Processes.resume(left, transferring(alive).approver(alive));

    assertThat(alive.calls()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("moved 100"));
  }

  @Test
  void withoutAnApproverItIsDenied() {
    OrchestrationResult result = Processes.resume(inTransfer(), transferring(alive));

    assertThat(alive.calls()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("OUTCOME_UNKNOWN"));
    assertThat(result.denials())
        .singleElement()
        .satisfies(denial -> assertThat(denial.rule()).isEqualTo("OUTCOME_UNKNOWN"));
  }

  @Test
  void deniedByAPersonItIsNotCalled() {
    OrchestrationResult result =
        Processes.resume(
            inTransfer(),
            transferring(alive)
                .approver((request, approvals) -> approvals.deny(request, "anna", "look first")));

    assertThat(alive.calls()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("APPROVAL_DENIED"));
    assertThat(result.denials())
        .singleElement()
        .satisfies(denial -> assertThat(denial.policy()).isEqualTo("OUTCOME_UNKNOWN"));
  }

  @Test
  void decidedByNobodyItIsNotCalled() {
    OrchestrationResult result =
        Processes.resume(inTransfer(), transferring(alive).approver(Approver.queue()));

    assertThat(alive.calls()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("APPROVAL_EXPIRED"));
  }

  @Test
  void whoeverDiesInItTwiceAsksTwice() {
    Left first = inTransfer();
    CheckpointStore store = first.store();
    var then = new World();
    Processes.resume(
        ResumeRequest.of(first.run()), store, transferring(alive).approver(alive), Scenes.time());
    Left inSecond = Left.of(store, first.run()).before(Processes.journaled("tool"));
    assertThat(inSecond.deltas()).filteredOn(Processes.begun()).hasSize(2);

    OrchestrationResult result = Processes.resume(inSecond, transferring(then).approver(then));

    assertThat(alive.asked()).hasSize(1);
    assertThat(then.asked()).hasSize(1).doesNotContainAnyElementsOf(alive.asked());
    assertThat(then.calls()).isEqualTo(dead.calls());
    assertThat(result.solution()).contains(Payload.text("moved 100"));
  }

  @Test
  void aModelCallIsRepeatedOncePerDeathAndEachStaysCharged() {
    Left first = Processes.ended(asking(dead)).upTo(Processes.begun());
    CheckpointStore store = first.store();
    Processes.resume(ResumeRequest.of(first.run()), store, asking(alive), Scenes.time());
    Left second = Left.of(store, first.run()).before(Processes.journaled("model"));
    var then = new World();

    OrchestrationResult result = Processes.resume(second, asking(then));

    assertThat(dead.calls()).hasSize(1).isEqualTo(alive.calls()).isEqualTo(then.calls());
    List<Command.Reserve> reserved = second.commands(Command.Reserve.class);
    assertThat(reserved).hasSize(2);
    assertThat(result.usage().estimatedTokens())
        .isEqualTo(reserved.stream().mapToLong(Command.Reserve::tokens).sum());
    assertThat(result.usage().calls()).isEqualTo(1);
    assertThat(result.usage().reservedTokens()).isZero();
  }

  private Left inTransfer() {
    return Processes.ended(transferring(dead)).upTo(Processes.begun());
  }

  private static OrchestratorBuilder transferring(World world) {
    return Orchestrator.builder()
        .tools(world.transfer())
        .team(
            Processes.only(
                ctx -> {
                  try {
                    return ctx.tools().call("transfer", new Transfer(100)).text();
                  } catch (DeniedException e) {
                    return e.rule();
                  }
                },
                "transfer"));
  }

  private static OrchestratorBuilder calling(World world, String tool) {
    return Orchestrator.builder()
        .tools(world.balance(), world.book())
        .team(Processes.only(ctx -> ctx.tools().call(tool, new Account("a")).json(), tool));
  }

  private static OrchestratorBuilder asking(World world) {
    return Orchestrator.builder()
        .model("m", world.model())
        .team(Processes.only(ctx -> ctx.model().ask(Prompt.user("well?")).text()));
  }
}

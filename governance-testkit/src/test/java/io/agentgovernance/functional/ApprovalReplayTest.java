// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.ReplayDivergedException;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An approval is for exactly one execution of exactly one action (F24). */
class ApprovalReplayTest extends Asking {
  @Test
  void theSameActionLaterNeedsAnotherApproval() {
    var asked = new AtomicInteger();
    OrchestrationResult result =
        Scenes.run(
            builder(Bank.fourEyes(DAY))
                .approver(
                    (request, approvals) -> {
                      ApprovalDecision decision =
                          asked.incrementAndGet() < 3
                              ? ApprovalDecision.approve(request, "anna")
                              : ApprovalDecision.deny(request, "anna", "not again");
                      approvals.decide(request.run(), request.id(), decision);
                    })
                .team(
                    only(
                        ctx -> {
                          ctx.tools().call("transfer", new Transfer(1));
                          ctx.tools().call("transfer", new Transfer(2));
                          try {
                            return ctx.tools().call("transfer", new Transfer(1)).text();
                          } catch (DeniedException e) {
                            return e.rule();
                          }
                        })));

    assertThat(asked).hasValue(3);
    assertThat(bank.transferred()).containsExactly(1L, 2L);
    assertThat(result.solution()).contains(Payload.text("APPROVAL_DENIED"));
  }

  @Test
  void parametersThatAPolicyChangedAfterTheApprovalAreDenied() {
    var amount = new AtomicInteger(100);
    Policy rewriting =
        action ->
            action.name().equals("tool:transfer")
                ? Verdict.rewrite(Payload.of(new Transfer(amount.get())), "the current limit")
                : Verdict.allow();

    OrchestrationResult result =
        approvedAfter(queued(rewriting).policy(Bank.fourEyes(DAY)), () -> amount.set(1_000));

    assertThat(result.solution()).contains(Payload.text("APPROVAL_WRONG_DIGEST"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void whatIsApprovedIsWhatTheRewriteMadeOfIt() {
    Policy rewriting =
        action ->
            action.name().equals("tool:transfer")
                ? Verdict.rewrite(Payload.of(new Transfer(7)), "the limit")
                : Verdict.allow();
    List<Payload> subjects = new ArrayList<>();

    OrchestrationResult result =
        approvedAfter(
            builder(rewriting)
                .policy(Bank.fourEyes(DAY))
                .approver((request, approvals) -> subjects.add(request.subject())),
            () -> {});

    assertThat(subjects).containsExactly(Payload.of(new Transfer(7)));
    assertThat(result.solution()).contains(Payload.text("moved 7"));
    assertThat(bank.transferred()).containsExactly(7L);
  }

  @Test
  void aPolicyVersionChangedAfterTheApprovalDenies() {
    var version = new AtomicInteger(1);
    Policy versioned =
        new Policy() {
          @Override
          public Verdict check(Action action) {
            return Bank.fourEyes(DAY).check(action);
          }

          @Override
          public String name() {
            return "four-eyes";
          }

          @Override
          public String version() {
            return version.toString();
          }
        };

    OrchestrationResult result = approvedAfter(queued(versioned), () -> version.set(2));

    assertThat(result.solution()).contains(Payload.text("APPROVAL_WRONG_DIGEST"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void aPolicyThatDeniesNowWinsOverTheApproval() {
    var denies = new AtomicInteger();
    Policy changing =
        action ->
            denies.get() > 0 && action.name().equals("tool:transfer")
                ? Verdict.deny("FROZEN", "the account was frozen meanwhile")
                : Verdict.allow();

    OrchestrationResult result =
        approvedAfter(queued(changing).policy(Bank.fourEyes(DAY)), () -> denies.set(1));

    assertThat(result.solution()).contains(Payload.text("FROZEN"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void aBodyThatAsksForSomethingElseTheSecondTimeIsStopped() {
    var attempt = new AtomicInteger();
    var modelCalls = new AtomicInteger();
    List<RuntimeException> thrown = new ArrayList<>();
    OrchestratorBuilder builder =
        builder(Bank.fourEyes(DAY))
            .model(
                "m",
                (request, exchange) -> {
                  modelCalls.incrementAndGet();
                  return Scenes.reply("ok");
                })
            .team(
                only(
                    ctx -> {
                      try {
                        ctx.model().ask(Prompt.user("attempt " + attempt.incrementAndGet()));
                      } catch (ReplayDivergedException e) {
                        thrown.add(e);
                        throw e;
                      }
                      return ctx.tools().call("transfer", new Transfer(1)).text();
                    }));

    OrchestrationResult result = approvedAfter(builder.approver(Approver.queue()), () -> {});

    assertThat(thrown).hasSize(1);
    assertThat(thrown.get(0)).hasMessageContaining("call 1").hasMessageContaining("model");
    assertThat(modelCalls).as("never a silent second payment").hasValue(1);
    assertThat(bank.transferred()).isEmpty();
    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.FAILED);
    assertThat(agent.failure()).contains("deterministic");
  }

  @Test
  void aBodyThatSwallowsTheDivergenceGetsNoFurther() {
    var attempt = new AtomicInteger();
    var thrown = new AtomicInteger();
    OrchestratorBuilder builder =
        builder(Bank.fourEyes(DAY))
            .team(
                only(
                    ctx -> {
                      if (attempt.incrementAndGet() == 1) {
                        ctx.blackboard().put("first", 1);
                      }
                      for (int i = 0; i < 3; i++) {
                        try {
                          ctx.tools().call("transfer", new Transfer(i));
                        } catch (ReplayDivergedException e) {
                          thrown.incrementAndGet();
                        }
                      }
                      return "done";
                    }));

    approvedAfter(builder.approver(Approver.queue()), () -> {});

    assertThat(thrown).hasValue(3);
    assertThat(bank.transferred()).isEmpty();
  }

  private OrchestrationResult approvedAfter(OrchestratorBuilder builder, Runnable meanwhile) {
    try (var orchestrator = builder.build()) {
      OrchestrationResult resting = orchestrator.run("Pay");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      meanwhile.run();
      Approved.approve(orchestrator, request);
      return end(orchestrator, resting);
    }
  }

  private OrchestratorBuilder queued(Policy policy) {
    return builder(policy).approver(Approver.queue());
  }
}

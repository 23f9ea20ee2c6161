// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AgentReport;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.ReplayDivergedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalDecision.Choice;
import io.agentgovernance.approval.ApprovalRefusedException;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An approval is for exactly one execution of exactly one action (F24). */
class ApprovalReplayTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Bank bank = new Bank();

  @Test
  void aDecisionCannotBeTakenTwice() {
    try (var orchestrator = paying(100).build()) {
      OrchestrationResult resting = orchestrator.run("Pay");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      Approved.approve(orchestrator, request);

      assertRefused(orchestrator, request.run(), request.id(), decision(request), "NOT_PENDING");
      end(orchestrator, resting);

      assertThat(bank.transferred()).containsExactly(100L);
    }
  }

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
  void aDecisionAboutSomethingElseIsRefusedAndTheRequestStaysPending() {
    try (var orchestrator = paying(100).build()) {
      OrchestrationResult resting = orchestrator.run("Pay");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      var other = new ApprovalDecision(Choice.APPROVE, "anna", Digest.sha256("other"), "");

      assertRefused(orchestrator, request.run(), request.id(), other, "WRONG_DIGEST");

      assertThat(orchestrator.approvals().pending()).containsExactly(request);
      Approved.approve(orchestrator, request);
      end(orchestrator, resting);
    }
  }

  @Test
  void anAgentNeverDecides() {
    Team team =
        Team.of(
            DecisionRule.by("payer"),
            Agent.of("payer", pay(100)).tools("transfer"),
            Agent.of("partner", ctx -> ctx.awaitOutput("payer", String.class)));
    try (var orchestrator =
        builder(Bank.fourEyes(DAY)).approver(Approver.queue()).team(team).build()) {
      OrchestrationResult resting = orchestrator.run("Pay");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);

      assertRefused(orchestrator, request, request.agent().value(), "REQUESTER");
      assertRefused(orchestrator, request, resting.run() + "-partner", "AGENT");
      assertThat(bank.transferred()).isEmpty();

      Approved.approve(orchestrator, request);
      end(orchestrator, resting);
    }
  }

  @Test
  void whatIsUnknownCannotBeDecided() {
    try (var orchestrator = paying(100).build()) {
      OrchestrationResult resting = orchestrator.run("Pay");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);

      assertRefused(orchestrator, request.run(), "no-such", decision(request), "UNKNOWN");
      assertRefused(
          orchestrator, RunId.of("no-such-run"), request.id(), decision(request), "UNKNOWN");
      orchestrator.find(resting.run()).orElseThrow().stop("enough");
      assertRefused(orchestrator, request.run(), request.id(), decision(request), "STOPPED");
    }
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

  private static OrchestrationResult end(Orchestrator orchestrator, OrchestrationResult resting) {
    Orchestration run = orchestrator.find(resting.run()).orElseThrow();
    return Approved.ended(run);
  }

  private static ApprovalDecision decision(ApprovalRequest request) {
    return ApprovalDecision.approve(request, "anna");
  }

  private static void assertRefused(
      Orchestrator orchestrator, ApprovalRequest request, String by, String reason) {
    assertRefused(
        orchestrator, request.run(), request.id(), ApprovalDecision.approve(request, by), reason);
  }

  private static void assertRefused(
      Orchestrator orchestrator, RunId run, String id, ApprovalDecision decision, String reason) {
    assertThatThrownBy(() -> orchestrator.approvals().decide(run, id, decision))
        .isInstanceOfSatisfying(
            ApprovalRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private OrchestratorBuilder paying(long amount) {
    return builder(Bank.fourEyes(DAY)).approver(Approver.queue()).team(only(pay(amount)));
  }

  private OrchestratorBuilder queued(Policy policy) {
    return builder(policy).approver(Approver.queue());
  }

  private OrchestratorBuilder builder(Policy policy) {
    return Orchestrator.builder()
        .tools(bank.transfer(), bank.balance())
        .policy(policy)
        .team(only(pay(100)));
  }

  private static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("payer"), Agent.of("payer", body).tools("transfer"))
        .withoutMediator();
  }

  private static AgentBody<String> pay(long amount) {
    return ctx -> {
      try {
        return ctx.tools().call("transfer", new Transfer(amount)).text();
      } catch (DeniedException e) {
        return e.rule();
      }
    };
  }
}

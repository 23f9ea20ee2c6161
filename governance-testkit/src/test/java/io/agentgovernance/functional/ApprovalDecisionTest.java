// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalDecision.Choice;
import io.agentgovernance.approval.ApprovalRefusedException;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import org.junit.jupiter.api.Test;

/** Which decisions of a person are taken. */
class ApprovalDecisionTest extends Asking {
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
}

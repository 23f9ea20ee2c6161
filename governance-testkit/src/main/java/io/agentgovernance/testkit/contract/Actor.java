// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One agent of a {@link LiveRun} with its lease, and the commands it can give. */
final class Actor {
  final LiveRun run;
  final AgentId id;
  final Lease lease;

  Actor(LiveRun run, AgentId id) {
    this.run = run;
    this.id = id;
    this.lease = run.store.acquire(id.value(), "test", LiveRun.TTL).orElseThrow();
  }

  <R> Applied<R> does(Command<R> command) {
    return run.store.apply(command);
  }

  /** Applies a command that has to take effect. */
  <R> Applied<R> ok(Command<R> command) {
    Applied<R> applied = does(command);
    assertThat(applied.status()).as("%s: %s", command, applied).isEqualTo(Applied.Status.OK);
    return applied;
  }

  AgentState state() {
    return run.store.agent(id).orElseThrow();
  }

  Command.EnterPhase enter(AgentPhase phase) {
    return new Command.EnterPhase(id, lease.token(), phase);
  }

  Command.FinishPhase finish(AgentPhase phase) {
    return new Command.FinishPhase(
        id,
        lease.token(),
        AgentOutput.of(run.id, id, phase, Payload.text("done with " + phase), LiveRun.START));
  }

  Command.SetAgentStatus status(AgentStatus status) {
    return new Command.SetAgentStatus(id, lease.token(), status, "");
  }

  Command.RecordError error(String errorId, String signature) {
    return new Command.RecordError(id, lease.token(), errorId, signature, null, "it failed");
  }

  Command.RecordError violation(String errorId) {
    return new Command.RecordError(
        id, lease.token(), errorId, errorId, ProcedureViolation.PHASE_JUMP, "it jumped");
  }

  /** Makes the store revoke this agent. */
  void revoke() {
    ok(violation("violation of " + id));
    assertThat(state().status()).isEqualTo(AgentStatus.REVOKED);
  }

  Command.Clarify clarify() {
    return new Command.Clarify(
        id,
        lease.token(),
        new ClarifiedPlan(id, Payload.text("plan"), List.of("more"), "errors", LiveRun.START));
  }

  Command.Heartbeat heartbeat() {
    return new Command.Heartbeat(id, lease.token());
  }

  Command.Progress progress() {
    return new Command.Progress(id, lease.token(), 12);
  }

  Command.Write write(String writeId, String key, Payload value, long expected) {
    return new Command.Write(id, lease.token(), writeId, key, value, expected);
  }

  Command.Write write(String writeId, String key) {
    return write(writeId, key, Payload.text(writeId), Command.Write.ANY);
  }

  Command.Send send(String messageId, @Nullable Actor to) {
    return new Command.Send(
        id, lease.token(), messageId, to == null ? null : to.id, Payload.text(messageId));
  }

  Command.Acknowledge acknowledge(long sequence) {
    return new Command.Acknowledge(id, lease.token(), sequence);
  }

  static Payload proposed(String proposalId) {
    return Payload.text("proposal " + proposalId);
  }

  Command.Propose propose(String proposalId) {
    return new Command.Propose(id, lease.token(), proposalId, proposed(proposalId));
  }

  Command.Cast cast(String proposalId, Ballot.Choice choice) {
    return cast(proposalId, proposed(proposalId).digest(), choice);
  }

  Command.Cast cast(String proposalId, Digest digest, Ballot.Choice choice) {
    return new Command.Cast(id, lease.token(), proposalId, digest, choice, "my reason");
  }

  Command.Cast accept(String proposalId) {
    return cast(proposalId, Ballot.Choice.ACCEPT);
  }

  Command.Cast reject(String proposalId) {
    return cast(proposalId, Ballot.Choice.REJECT);
  }

  Command.Decide decide(String proposalId) {
    return new Command.Decide(id, lease.token(), proposalId, proposed(proposalId).digest());
  }

  Command.Solve solve(String solution) {
    return new Command.Solve(id, lease.token(), Payload.text(solution));
  }

  Command.ClaimHandoff claim(Actor from) {
    return new Command.ClaimHandoff(id, lease.token(), from.id.value() + "/handoff");
  }

  Command.Reserve reserve(String reservationId, long tokens, String cost) {
    return new Command.Reserve(id, lease.token(), reservationId, tokens, new BigDecimal(cost));
  }

  Command.Settle settle(String reservationId, long prompt, long completion, String cost) {
    return new Command.Settle(
        id, lease.token(), reservationId, prompt, completion, new BigDecimal(cost));
  }

  Command.Estimate estimate(String reservationId) {
    return new Command.Estimate(id, lease.token(), reservationId);
  }

  Command.Release release(String reservationId) {
    return new Command.Release(id, lease.token(), reservationId);
  }

  Command.Admit admit() {
    return new Command.Admit(id, lease.token(), "an action");
  }

  Command.RequestApproval request(String approvalId, Duration within) {
    ApprovalRequest request =
        new ApprovalRequest(
            approvalId,
            run.id,
            id,
            "tool:transfer",
            "May it?",
            Payload.text(approvalId),
            digestOf(approvalId),
            "four-eyes 1",
            LiveRun.START,
            LiveRun.START.plus(within));
    return new Command.RequestApproval(id, lease.token(), request);
  }

  static Digest digestOf(String approvalId) {
    return Digest.sha256("subject of " + approvalId);
  }

  static Command.DecideApproval approve(String approvalId, String by) {
    return new Command.DecideApproval(
        approvalId,
        new ApprovalDecision(
            ApprovalDecision.Choice.APPROVE, by, digestOf(approvalId), "looks right"));
  }

  Command.UseApproval use(String approvalId) {
    return new Command.UseApproval(id, lease.token(), approvalId, digestOf(approvalId));
  }

  Proposal proposal(String proposalId) {
    return run.store.proposals().stream()
        .filter(proposal -> proposal.id().equals(proposalId))
        .findFirst()
        .orElseThrow();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes as a store announces them: one for each command, and some with consequences. */
final class Changes {
  static final RunId RUN = RunId.of("r1");
  static final Instant AT = Instant.parse("2026-01-24T10:15:30Z");
  static final AgentId ALPHA = AgentId.of("r1-alpha");
  static final AgentId BETA = AgentId.of("r1-beta");
  static final AgentId GAMMA = AgentId.of("r1-gamma");
  static final Payload CONTENT = Payload.text("cache aside");

  private static final ApprovalRequest REQUEST =
      new ApprovalRequest(
          "a1",
          RUN,
          ALPHA,
          "tool:transfer",
          "Transfer the money?",
          Payload.of(Map.of("amount", 5)),
          Digest.sha256("request"),
          "four-eyes@1",
          AT,
          AT.plusSeconds(60));

  private Changes() {}

  static Change of(Command<?> command, @Nullable Object result, Effect... effects) {
    return at(AT, command, result, effects);
  }

  static Change at(Instant at, Command<?> command, @Nullable Object result, Effect... effects) {
    return new Change(1, at, command, result, List.of(effects));
  }

  static Change note(String type, Payload data) {
    return of(new Command.Note(null, type, data), null);
  }

  static Change note(int number) {
    return note("numbered", Payload.of(Map.of("number", number)));
  }

  static Change progress(AgentId agent, Instant at, long characters) {
    return at(at, new Command.Progress(agent, 1, characters), null);
  }

  static Change status(PipelineStatus status, Payload detail) {
    return of(
        new Command.SetStatus(1, status, detail),
        status,
        new Effect.StatusChanged(PipelineStatus.ORCHESTRATING, status));
  }

  static Change end() {
    return status(PipelineStatus.COMPLETED, Payload.of(Map.of("solution", CONTENT.digest().hex())));
  }

  static Change spawn(AgentId agent, AgentRole role, @Nullable MediationReason reason) {
    return of(
        new Command.Spawn(1, agent, role, TrustTier.T1, "3", ErrorBudget.DEFAULT, reason, null),
        null);
  }

  static Change enter(AgentPhase phase) {
    return of(new Command.EnterPhase(ALPHA, 1, phase), phase);
  }

  static Change finish(AgentPhase phase) {
    AgentOutput output = AgentOutput.of(RUN, ALPHA, phase, CONTENT, AT);
    return of(new Command.FinishPhase(ALPHA, 1, output), output);
  }

  static Change agentStatus(AgentStatus from, AgentStatus to) {
    return of(
        new Command.SetAgentStatus(ALPHA, 1, to, ""),
        null,
        new Effect.AgentChanged(ALPHA, from, to, ""));
  }

  static Change error(
      @Nullable ProcedureViolation violation, ErrorTally.Consequence... consequences) {
    Command<?> command =
        new Command.RecordError(ALPHA, 1, "e1", "tool:Timeout", violation, "timed out");
    var tally = new ErrorTally(4, 1, violation == null ? 0 : 1, Set.of(consequences));
    return tally.revoked()
        ? of(
            command,
            tally,
            new Effect.AgentChanged(
                ALPHA, AgentStatus.RUNNING, AgentStatus.REVOKED, "max_same_error_repeats"),
            new Effect.HandedOff(handoff()))
        : of(command, tally);
  }

  static Handoff handoff() {
    return new Handoff(
        "r1-alpha/handoff",
        ALPHA,
        "max_same_error_repeats",
        AgentPhase.PLAN,
        List.of(),
        List.of(),
        List.of(),
        1,
        Handoff.State.OPEN,
        null,
        AT);
  }

  static Change claim() {
    return of(new Command.ClaimHandoff(BETA, 1, "r1-alpha/handoff"), handoff().claimed(BETA));
  }

  static Change giveUp() {
    return of(new Command.GiveUpHandoff(1, "r1-alpha/handoff"), handoff().unclaimed());
  }

  static Change clarify() {
    var plan = new ClarifiedPlan(ALPHA, CONTENT, List.of("measure first"), "2 errors", AT);
    return of(new Command.Clarify(ALPHA, 1, plan), plan);
  }

  static Change write() {
    return of(
        new Command.Write(ALPHA, 1, "w1", "draft", CONTENT, Command.Write.ANY),
        new BlackboardEntry("draft", CONTENT, 2, ALPHA, AT),
        new Effect.SameValue("draft"));
  }

  static Change send(@Nullable AgentId to) {
    return of(
        new Command.Send(ALPHA, 1, "m1", to, CONTENT),
        new AgentMessage(RUN, "m1", 9, ALPHA, 1, to, CONTENT, AT));
  }

  static Proposal proposal(Proposal.State state, String decidedBy, Ballot... ballots) {
    return new Proposal(
        "p1",
        ALPHA,
        CONTENT,
        CONTENT.digest(),
        Set.of(GAMMA, BETA),
        2,
        List.of(ballots),
        state,
        decidedBy,
        AT,
        null);
  }

  static Change propose() {
    return of(new Command.Propose(ALPHA, 1, "p1", CONTENT), proposal(Proposal.State.OPEN, ""));
  }

  static Change cast(Proposal.State outcome) {
    var ballot = new Ballot(BETA, Ballot.Choice.ACCEPT, "sound", AT);
    Command<?> command =
        new Command.Cast(BETA, 1, "p1", CONTENT.digest(), Ballot.Choice.ACCEPT, "sound");
    Proposal after = proposal(outcome, Proposal.BY_QUORUM, ballot);
    return outcome == Proposal.State.OPEN
        ? of(command, after)
        : of(command, after, new Effect.ProposalDecided(after));
  }

  static Change decide() {
    Proposal after = proposal(Proposal.State.ACCEPTED, Proposal.BY_GAMMA);
    return of(
        new Command.Decide(GAMMA, 1, "p1", CONTENT.digest()),
        after,
        new Effect.ProposalDecided(after));
  }

  static Change solve() {
    return of(new Command.Solve(BETA, 1, CONTENT), CONTENT);
  }

  static Change settle(AgentId agent, long prompt, long completion, String cost) {
    return of(new Command.Settle(agent, 1, "s1", prompt, completion, new BigDecimal(cost)), null);
  }

  static Change requestApproval() {
    return of(
        new Command.RequestApproval(ALPHA, 1, REQUEST),
        new ApprovalState(REQUEST, ApprovalState.State.PENDING, "", ""));
  }

  static Change decideApproval() {
    return of(
        new Command.DecideApproval("a1", ApprovalDecision.approve(REQUEST, "ada")),
        new ApprovalState(REQUEST, ApprovalState.State.APPROVED, "ada", ""));
  }

  static Change expireApproval() {
    return of(
        new Command.ExpireApproval("a1"),
        new ApprovalState(REQUEST, ApprovalState.State.EXPIRED, "", "nobody decided in time"));
  }

  /** The changes that make no event. */
  static List<Change> silent() {
    return List.of(
        of(new Command.Heartbeat(ALPHA, 1), 9),
        of(new Command.Reserve(ALPHA, 1, "s1", 10, BigDecimal.ONE), null),
        of(new Command.Release(ALPHA, 1, "s1"), null),
        of(new Command.Estimate(ALPHA, 1, "s1"), null),
        of(new Command.Acknowledge(ALPHA, 1, 3), 3L),
        of(new Command.Admit(ALPHA, 1, "x1"), null),
        of(new Command.UseApproval(ALPHA, 1, "a1", Digest.sha256("request")), null));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
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
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One delta of each kind and of each command; the golden file holds them in this order. */
final class SampleDeltas {
  static final RunId RUN = RunId.of("run-1");

  private static final AgentId ALPHA = AgentId.of("run-1-alpha");
  private static final AgentId BETA = AgentId.of("run-1-beta");
  private static final Instant AT = Instant.parse("2026-01-24T10:15:30.123456789Z");
  private static final Digest DIGEST = Digest.sha256("x");
  private static final Payload VALUE = Payload.json("{\"rate\":2.50,\"text\":\"Zürich → 東京\"}");

  private SampleDeltas() {}

  static List<Delta> all() {
    var deltas = new ArrayList<Delta>();
    deltas.add(new Delta.Opened(terms()));
    for (Command<?> command : commands()) {
      deltas.add(new Delta.Changed(deltas.size(), AT, command));
    }
    deltas.add(
        new Delta.Journaled(
            new JournalEntry(
                ALPHA,
                AgentPhase.EXECUTE,
                1,
                2,
                "model",
                DIGEST,
                JournalEntry.Outcome.FAILED,
                VALUE)));
    deltas.add(
        new Delta.Marked(
            new Checkpoint(RUN, 30, AT, PipelineStatus.ORCHESTRATING, Payload.empty())));
    deltas.add(new Delta.Elapsed(Duration.ofSeconds(90, 1)));
    return deltas;
  }

  private static RunTerms terms() {
    return new RunTerms(
        TenantId.of("default"),
        RUN,
        "Design a \"cache\"\nfor 10k reads/s",
        VALUE,
        List.of(AgentRole.ALPHA, AgentRole.BETA, AgentRole.of("Critic")),
        AgentRole.BETA,
        new SpendBudget(Money.usd("5.00"), 1_000_000),
        Duration.ofMinutes(2),
        Set.of(MediationReason.STUCK, MediationReason.COMPLEXITY),
        DIGEST,
        AT);
  }

  private static List<Command<?>> commands() {
    var budget = new ErrorBudget(8, 2, 1);
    var request =
        new ApprovalRequest(
            "g1",
            RUN,
            ALPHA,
            "tool:transfer",
            "Really?",
            VALUE,
            DIGEST,
            "four-eyes 1",
            AT,
            AT.plusSeconds(600));
    return List.of(
        new Command.SetStatus(1, PipelineStatus.ORCHESTRATING, Payload.empty()),
        new Command.Stop("an operator", "half a pair \ud83d and a nul \u0000"),
        new Command.Spawn(1, ALPHA, AgentRole.ALPHA, TrustTier.T1, "3", budget, null, null),
        new Command.Spawn(
            1,
            AgentId.of("run-1-gamma"),
            AgentRole.GAMMA,
            TrustTier.T2,
            "1",
            budget,
            MediationReason.CONFLICT,
            ALPHA),
        new Command.GiveUpHandoff(1, "h1"),
        new Command.Note(null, "budget_warning", VALUE),
        new Command.Note(BETA, "circuit_state", Payload.text("open")),
        new Command.EnterPhase(ALPHA, 2, AgentPhase.PREFLIGHT),
        new Command.FinishPhase(
            ALPHA, 2, AgentOutput.of(RUN, ALPHA, AgentPhase.EXECUTE, VALUE, AT)),
        new Command.SetAgentStatus(ALPHA, 2, AgentStatus.FAILED, "no answer"),
        new Command.RecordError(ALPHA, 2, "e1", "model:TIMEOUT", null, "no answer in 30 s"),
        new Command.RecordError(
            ALPHA, 2, "e2", "phase", ProcedureViolation.PHASE_JUMP, "PLAN after EXIT"),
        new Command.Clarify(
            ALPHA, 2, new ClarifiedPlan(ALPHA, VALUE, List.of("one", "two"), "errors", AT)),
        new Command.Heartbeat(ALPHA, 2),
        new Command.Progress(ALPHA, 2, 1_234),
        new Command.Write(ALPHA, 2, "w1", "findings/1", VALUE, Command.Write.ANY),
        new Command.Send(ALPHA, 2, "m1", null, Payload.text("to all")),
        new Command.Send(ALPHA, 2, "m2", BETA, Payload.json("[1,null]")),
        new Command.Acknowledge(BETA, 3, 2),
        new Command.Propose(ALPHA, 2, "p1", VALUE),
        new Command.Cast(BETA, 3, "p1", DIGEST, Ballot.Choice.ACCEPT, "sound"),
        new Command.Decide(AgentId.of("run-1-gamma"), 4, "p1", DIGEST),
        new Command.Solve(BETA, 3, Payload.text("the solution")),
        new Command.ClaimHandoff(BETA, 3, "h1"),
        new Command.Reserve(ALPHA, 2, "s1", 4_096, new BigDecimal("0.0123400")),
        new Command.Settle(ALPHA, 2, "s1", 812, 2_048, new BigDecimal("1E-7")),
        new Command.Estimate(ALPHA, 2, "s2"),
        new Command.Release(ALPHA, 2, "s3"),
        new Command.Admit(ALPHA, 2, "a1"),
        new Command.RequestApproval(ALPHA, 2, request),
        new Command.DecideApproval("g1", ApprovalDecision.approve(request, "mary")),
        new Command.ExpireApproval("g2"),
        new Command.UseApproval(ALPHA, 2, "g1", DIGEST));
  }
}

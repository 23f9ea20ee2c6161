// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

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
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Commands of every kind about a few agents, keys and ids, so that they often meet. */
final class RandomCommands {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final RunId RUN = RunId.of("01jexample000000000000run1");
  private static final List<AgentRole> ROLES =
      List.of(AgentRole.ALPHA, AgentRole.BETA, AgentRole.GAMMA, AgentRole.of("delta"));

  private final RandomGenerator random;

  RandomCommands(RandomGenerator random) {
    this.random = random;
  }

  static RunTerms terms() {
    return new RunTerms(
        TenantId.DEFAULT,
        RUN,
        "an objective",
        Payload.empty(),
        ROLES,
        AgentRole.ALPHA,
        SpendBudget.perRun(Money.usd("100"), 10_000),
        Duration.ofMinutes(2),
        EnumSet.allOf(MediationReason.class),
        Digest.sha256("definition"),
        START);
  }

  static Command<?> spawn(int role, @Nullable MediationReason reason) {
    return new Command.Spawn(
        1, agent(role), ROLES.get(role), TrustTier.T1, "1", ErrorBudget.DEFAULT, reason, null);
  }

  private static AgentId agent(int role) {
    return RUN.agent(ROLES.get(role));
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String id(String kind) {
    return kind + random.nextInt(6);
  }

  Command<?> next() {
    AgentId agent = agent(random.nextInt(ROLES.size()));
    return switch (random.nextInt(24)) {
      case 0 -> random.nextInt(40) == 0 ? new Command.Stop("Kim", "enough") : note(agent);
      case 1 -> new Command.SetStatus(1, PipelineStatus.AWAITING_APPROVAL, Payload.empty());
      case 2 -> new Command.EnterPhase(agent, 1, oneOf(List.of(AgentPhase.values()).subList(0, 3)));
      case 3 -> finish(agent, oneOf(List.of(AgentPhase.values()).subList(0, 8)));
      case 4 ->
          new Command.SetAgentStatus(
              agent, 1, random.nextInt(20) == 0 ? AgentStatus.FAILED : AgentStatus.WAITING, "x");
      case 5 -> new Command.RecordError(agent, 1, id("error"), id("signature"), null, "it failed");
      case 6 -> new Command.Clarify(agent, 1, plan(agent));
      case 7, 8 -> new Command.Heartbeat(agent, 1);
      case 9 -> new Command.Progress(agent, 1, 7);
      case 10, 11 ->
          new Command.Write(
              agent,
              1,
              id("write") + id(""),
              id("key"),
              Payload.text(id("value")),
              random.nextInt(4) - 1);
      case 12 -> new Command.Send(agent, 1, id("message") + id(""), null, Payload.text("hello"));
      case 13 -> new Command.Acknowledge(agent, 1, random.nextInt(10));
      case 14 -> new Command.Propose(agent, 1, id("proposal"), Payload.text("content"));
      case 15, 16 ->
          new Command.Cast(
              agent,
              1,
              id("proposal"),
              Payload.text("content").digest(),
              oneOf(List.of(Ballot.Choice.values())),
              "because");
      case 17 -> new Command.Solve(agent, 1, Payload.text(id("solution")));
      case 18 -> new Command.Reserve(agent, 1, id("call"), random.nextInt(3_000), BigDecimal.ONE);
      case 19 -> new Command.Settle(agent, 1, id("call"), 10, 20, BigDecimal.TEN);
      case 20 -> new Command.Estimate(agent, 1, id("call"));
      case 21 -> new Command.Release(agent, 1, id("call"));
      case 22 -> request(agent, id("approval"));
      default ->
          random.nextBoolean()
              ? new Command.DecideApproval(id("approval"), approve())
              : new Command.UseApproval(agent, 1, id("approval"), Digest.sha256("subject"));
    };
  }

  private static Command<?> note(AgentId agent) {
    return new Command.Note(agent, "a note", Payload.empty());
  }

  private static Command<?> finish(AgentId agent, AgentPhase phase) {
    return new Command.FinishPhase(
        agent, 1, AgentOutput.of(RUN, agent, phase, Payload.text("done"), START));
  }

  private static ClarifiedPlan plan(AgentId agent) {
    return new ClarifiedPlan(agent, Payload.text("plan"), List.of("more"), "errors", START);
  }

  private static ApprovalDecision approve() {
    return new ApprovalDecision(
        ApprovalDecision.Choice.APPROVE, "Kim", Digest.sha256("subject"), "looks right");
  }

  private static Command<?> request(AgentId agent, String id) {
    return new Command.RequestApproval(
        agent,
        1,
        new ApprovalRequest(
            id,
            RUN,
            agent,
            "tool:transfer",
            "May it?",
            Payload.text(id),
            Digest.sha256("subject"),
            "four-eyes 1",
            START,
            START.plus(Duration.ofDays(1))));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.functional.Bank.Transfer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs in which a person is asked. */
abstract class Approved {
  static final Duration DAY = Duration.ofDays(1);
  final Bank bank = new Bank();

  static void approve(Orchestrator orchestrator, ApprovalRequest request) {
    orchestrator
        .approvals()
        .decide(request.run(), request.id(), ApprovalDecision.approve(request, "anna"));
  }

  static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }

  OrchestratorBuilder transferring(AgentBody<String> body) {
    return transferring(body, DAY);
  }

  OrchestratorBuilder transferring(AgentBody<String> body, Duration within) {
    return builder(within).team(only(body));
  }

  OrchestratorBuilder transferring(Team team) {
    return builder(DAY).team(team);
  }

  OrchestratorBuilder builder(Duration within) {
    return Orchestrator.builder()
        .tools(bank.transfer(), bank.balance())
        .policy(Bank.fourEyes(within));
  }

  static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("payer"), Agent.of("payer", body).tools("transfer", "balance"))
        .withoutMediator();
  }

  static AgentBody<String> paying(long amount) {
    return ctx -> pay(ctx, amount);
  }

  static String pay(AgentContext ctx, long amount) {
    try {
      return ctx.tools().call("transfer", new Transfer(amount)).text();
    } catch (DeniedException e) {
      return e.rule();
    }
  }
}

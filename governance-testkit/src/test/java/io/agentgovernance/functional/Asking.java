// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.policy.Policy;
import java.time.Duration;

/** Runs that ask a person about one action. */
abstract class Asking {
  static final Duration DAY = Duration.ofDays(1);
  final Bank bank = new Bank();

  static OrchestrationResult end(Orchestrator orchestrator, OrchestrationResult resting) {
    Orchestration run = orchestrator.find(resting.run()).orElseThrow();
    return Approved.ended(run);
  }

  static ApprovalDecision decision(ApprovalRequest request) {
    return ApprovalDecision.approve(request, "anna");
  }

  OrchestratorBuilder builder(Policy policy) {
    return Orchestrator.builder()
        .tools(bank.transfer(), bank.balance())
        .policy(policy)
        .team(only(pay(100)));
  }

  static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("payer"), Agent.of("payer", body).tools("transfer"))
        .withoutMediator();
  }

  static AgentBody<String> pay(long amount) {
    return ctx -> {
      try {
        return ctx.tools().call("transfer", new Transfer(amount)).text();
      } catch (DeniedException e) {
        return e.rule();
      }
    };
  }
}

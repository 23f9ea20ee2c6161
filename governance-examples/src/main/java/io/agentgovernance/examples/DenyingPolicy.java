// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Denial;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Tool;

/** A policy decides before a tool is called; what it denies never happens. */
public final class DenyingPolicy {
  private DenyingPolicy() {}

  record Transfer(String to, long euros) {}

  record Receipt(String text) {}

  // tag::policy[]
  /** No agent transfers more than 10,000 euros. */
  static final class TransferLimit implements Policy {
    @Override
    public Verdict check(Action action) {
      if (!action.name().equals("tool:transfer")) {
        return Verdict.allow();
      }
      return action.input().read(Transfer.class).euros() > 10_000
          ? Verdict.deny("TRANSFER_LIMIT", "more than 10,000 euros")
          : Verdict.allow();
    }

    @Override
    public String version() {
      return "2026-01"; // in each verdict and in the ledger: change it with the rules
    }
  }

  // end::policy[]

  public static void main(String[] args) {
    Tool transfer =
        Tool.of(
            "transfer",
            Transfer.class,
            Receipt.class,
            (in, call) -> {
              System.out.println("the bank moves " + in.euros() + " euros to " + in.to());
              return new Receipt(call.idempotencyKey());
            });

    Agent clerk =
        Agent.of(
                "clerk",
                ctx -> {
                  ctx.tools().call("transfer", new Transfer("Alma", 900), Receipt.class);
                  try {
                    ctx.tools().call("transfer", new Transfer("Bruno", 50_000), Receipt.class);
                    return "paid both";
                  } catch (DeniedException e) {
                    // A body may go on without what was denied; the denial is on record anyway.
                    return "paid Alma; not Bruno: " + e.rule();
                  }
                })
            .tier(TrustTier.T3)
            .tools("transfer");

    // tag::run[]
    try (var orchestrator =
        Orchestrator.builder()
            .tools(transfer)
            .team(Team.of(DecisionRule.by("clerk"), clerk))
            .policy(new TransferLimit())
            .build()) {
      OrchestrationResult result = orchestrator.run("Pay the two open invoices");
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      for (Denial denial : result.denials()) {
        System.out.println(
            denial.action() + " denied by " + denial.policy() + ": " + denial.reason());
      }
    }
    // end::run[]
  }
}

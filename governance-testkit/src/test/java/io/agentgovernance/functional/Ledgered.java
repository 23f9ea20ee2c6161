// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.ManualTime;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs whose ledger may fail. */
abstract class Ledgered {
  final ManualTime time = Scenes.time();
  final KeptLedger kept = new KeptLedger();
  final FaultyLedger ledger = new FaultyLedger(kept, time);
  final Bank bank = new Bank();
  final AtomicInteger modelCalls = new AtomicInteger();

  static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("transfer"));
  }

  OrchestratorBuilder builder() {
    return Orchestrator.builder()
        .ledger(ledger)
        .tools(bank.transfer())
        .model(
            "m",
            (request, exchange) -> {
              modelCalls.incrementAndGet();
              return Scenes.reply("ok");
            });
  }
}

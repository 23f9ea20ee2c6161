// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.testkit.ManualTime;
import java.util.concurrent.atomic.AtomicInteger;

/** Agents that ask models. */
abstract class AskingModels {
  final ManualTime time = Scenes.time();
  final KeptLedger ledger = new KeptLedger();
  final AtomicInteger first = new AtomicInteger();
  final Bank bank = new Bank();

  static ChatModel answering(AtomicInteger calls) {
    return (request, exchange) -> {
      calls.incrementAndGet();
      return Scenes.reply("ok");
    };
  }

  OrchestratorBuilder asked(AgentBody<String> body) {
    return Orchestrator.builder()
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("transfer", "balance")));
  }

  /** Answers with these texts in order, the last again and again. */
  OrchestrationResult run(Agent agent, String... replies) {
    ChatModel model =
        (request, exchange) ->
            Scenes.reply(replies[Math.min(first.getAndIncrement(), replies.length - 1)]);
    return run(
        Orchestrator.builder().model("first", model).team(Team.of(DecisionRule.by("one"), agent)));
  }

  OrchestrationResult run(OrchestratorBuilder builder) {
    return Scenes.run(builder.ledger(ledger).tools(bank.transfer(), bank.balance()), time);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.List;
import java.util.Map;

/** Agents that make errors. */
abstract class Erring {
  static final String[] WORDS = {
    "apple", "pear", "plum", "fig", "lime", "melon", "kiwi", "grape", "peach"
  };

  /** What a tool of these tests takes. */
  record Fruit(String name) {}

  static OrchestratorBuilder failing(AgentBody<String> body) {
    Tool market =
        Tool.of(
                "market",
                Fruit.class,
                String.class,
                (fruit, call) -> {
                  throw new IllegalStateException("no " + fruit.name());
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1);
    return Orchestrator.builder()
        .tools(market)
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("market")));
  }

  static String failTimes(AgentContext ctx, int times, List<Integer> survived) {
    for (int i = 1; i <= times; i++) {
      fail(ctx, WORDS[i - 1]);
      survived.add(i);
    }
    return "";
  }

  static void fail(AgentContext ctx, String fruit) {
    try {
      ctx.tools().call("market", Map.of("name", fruit));
    } catch (ToolFailedException e) {
      assertThat(e.problem()).contains("no " + fruit);
    }
  }
}

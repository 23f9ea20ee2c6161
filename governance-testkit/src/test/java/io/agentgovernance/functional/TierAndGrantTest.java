// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What agents may do by their tiers and grants. */
class TierAndGrantTest extends Policed {
  @Test
  void anAgentThatMayOnlyObserveCannotActOnOthers() {
    Map<String, String> rules = new LinkedHashMap<>();
    Agent observer =
        Agent.of(
                "one",
                ctx -> {
                  actions().forEach((kind, action) -> rules.put(kind, rule(action, ctx)));
                  return ctx.blackboard().get("key").isPresent() ? "written" : "read only";
                })
            .tier(TrustTier.T0);

    OrchestrationResult result = Scenes.run(builder(observer));

    rules.remove(Action.MODEL);
    rules.remove(Action.TOOL);
    rules.remove(Action.BALLOT);
    assertThat(rules).hasSize(3).containsValue("TIER").doesNotContainValue("");
    assertThat(result.solution()).contains(Payload.text("read only"));
    assertThat(result.proposals()).isEmpty();
  }

  @Test
  void aToolThatNeedsAHigherTierIsDenied() {
    Agent agent = calling("transfer", new Transfer(1));

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .tools(bank.transfer().requires(TrustTier.T3))
                .team(Team.of(DecisionRule.by("one"), agent.tools("transfer"))));

    assertThat(result.solution()).contains(Payload.text("TIER"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void aToolThatWasNotGrantedIsDenied() {
    OrchestrationResult result = Scenes.run(builder(calling("transfer", new Transfer(1))));

    assertThat(result.solution()).contains(Payload.text("NOT_GRANTED"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void anUnknownToolIsAnOrdinaryErrorAndNoViolation() {
    OrchestrationResult result = Scenes.run(builder(calling("hallucinated", Map.of())));

    assertThat(result.solution()).contains(Payload.text("UNKNOWN_TOOL"));
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
    assertThat(result.agents().get(0).violations()).isZero();
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
  }
}

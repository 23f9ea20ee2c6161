// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.UnusableReplyException;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorBudgetRulesTest extends Erring {
  @Test
  void anUnusableReplyAndTheFailureOfTheNextCallAreTwoErrors() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("m", Scenes.saying(" "))
                .team(
                    Team.of(
                        DecisionRule.by("one"),
                        Agent.of(
                            "one",
                            ctx -> {
                              try {
                                return ctx.model().ask(Prompt.user("well?")).text();
                              } catch (UnusableReplyException e) {
                                try {
                                  return ctx.tools().call("none", Map.of()).text();
                                } catch (DeniedException denied) {
                                  return "neither";
                                }
                              }
                            }))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).isEqualTo(2);
  }

  @Test
  void theEighthErrorRevokes() {
    List<Integer> survived = new ArrayList<>();

    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 9, survived)));

    assertThat(survived).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertRevokedOnceWithOneHandoff(result, 8);
  }

  @Test
  void theSeventhErrorDoesNot() {
    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 7, new ArrayList<>())));

    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(agent.errors()).isEqualTo(7);
    assertThat(result.handoffs()).isEmpty();
  }

  @Test
  void theThirdOccurrenceOfOneErrorRevokes() {
    List<Integer> survived = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  for (int i = 1; i <= 4; i++) {
                    fail(ctx, "banana number " + i); // the signature masks the number
                    survived.add(i);
                  }
                  return "";
                }));

    assertThat(survived).containsExactly(1, 2);
    assertRevokedOnceWithOneHandoff(result, 3);
  }

  @Test
  void theFirstViolationRevokes() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.by("other"),
                Agent.of(
                    "one",
                    ctx -> {
                      ctx.vote(ctx.propose("mine"), Choice.ACCEPT, "I like it");
                      return "";
                    }),
                Agent.of(
                    "other",
                    ctx -> {
                      Scenes.untilHandedOver(ctx);
                      return "";
                    })));

    AgentReport agent = result.agent("one").orElseThrow();
    assertThat(agent.status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(agent.violations()).isEqualTo(1);
    assertThat(result.proposals().get(0).ballots()).isEmpty();
    assertThat(result.handoffs()).hasSize(1);
    assertThat(result.handoffs().get(0).state()).isEqualTo(Handoff.State.CLAIMED);
    assertThat(Scenes.field(Scenes.events(result, EventTypes.ERROR_RECORDED).get(0), "violation"))
        .isEqualTo("SELF_VOTE");
  }

  @Test
  void aRevokedAgentCanDoNothingMore() {
    List<Object> later = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  try {
                    failTimes(ctx, 8, new ArrayList<>());
                  } catch (AgentStoppedException e) {
                    later.add(e.reason());
                  }
                  try {
                    ctx.blackboard().put("key", "value");
                  } catch (AgentStoppedException e) {
                    later.add(e.reason());
                  }
                  return "output";
                }));

    assertThat(later)
        .containsExactly(AgentStoppedException.Cause.REVOKED, AgentStoppedException.Cause.REVOKED);
    assertThat(result.agents().get(0).output()).isEmpty();
    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).isEmpty();
  }

  private static void assertRevokedOnceWithOneHandoff(OrchestrationResult result, int errors) {
    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(agent.errors()).isEqualTo(errors);
    assertThat(result.handoffs()).hasSize(1);
    assertThat(Scenes.events(result, EventTypes.AGENT_REVOKED)).hasSize(1);
    assertThat(Scenes.events(result, EventTypes.HANDOFF_CREATED)).hasSize(1);
  }
}

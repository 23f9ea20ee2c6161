// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What ends a mediator. */
class MediationLimitsTest extends MediatedTeams {
  @Test
  void theSixthModelCallEndsTheMediator() {
    var calls = new AtomicInteger();
    OrchestrationResult result =
        mediated(
            ctx -> {
              for (int i = 0; i < 9; i++) {
                ctx.model().ask(Prompt.user("question " + i));
              }
              return "";
            },
            calls);

    assertThat(calls).hasValue(Mediation.MAX_ROUNDS).hasValue(5);
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.TIMED_OUT);
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aPhaseTriedAgainDoesNotRenewTheRounds() {
    var calls = new AtomicInteger();
    OrchestrationResult result =
        mediated(
            ctx -> {
              for (int i = 0; i < 4; i++) {
                ctx.model().ask(Prompt.user("question " + i));
              }
              throw Mishap.retryable("try again");
            },
            calls);

    assertThat(calls).hasValue(5);
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  @Test
  void theEleventhActionOfARoundEndsTheMediator() {
    OrchestrationResult result =
        mediated(
            ctx -> {
              for (int i = 0; i < 50; i++) {
                ctx.mediation().orElseThrow().directAll("directive " + i);
              }
              return "";
            },
            new AtomicInteger());

    assertThat(Scenes.events(result, EventTypes.AGENT_MESSAGE)).hasSize(10);
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  @Test
  void whatAnyAgentCanDoCountsAsAnActionOfTheMediatorToo() {
    OrchestrationResult result =
        mediated(
            ctx -> {
              for (int i = 0; i < 50; i++) {
                ctx.blackboard().put("key " + i, i);
              }
              return "";
            },
            new AtomicInteger());

    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).hasSize(10);
  }

  @Test
  void anotherRoundHasItsOwnTenActions() {
    OrchestrationResult result =
        mediated(
            ctx -> {
              for (int round = 0; round < 2; round++) {
                ctx.model().ask(Prompt.user("question " + round));
                for (int i = 0; i < 10; i++) {
                  ctx.mediation().orElseThrow().directAll("directive " + round + " " + i);
                }
              }
              return "";
            },
            new AtomicInteger());

    assertThat(Scenes.events(result, EventTypes.AGENT_MESSAGE)).hasSize(20);
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.COMPLETED);
  }

  @Test
  void theMediatorHasFortyPercentOfTheTimeThatIsLeft() {
    OrchestrationResult result =
        Scenes.run(
            complex(
                    ctx -> {
                      ctx.receive(HOUR);
                      return "";
                    })
                .timeout(Duration.ofSeconds(100)),
            Scenes.time());

    assertThat(endedAfter(result)).isEqualTo(Duration.ofSeconds(40));
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  @Test
  void aMediatorThatIgnoresItsEndHoldsNobodyUp() {
    ManualTime time = Scenes.time();
    TimeSource.Waiter hanging = time.waiter();
    OrchestrationResult result =
        Scenes.run(
            complex(
                    ctx -> {
                      for (int i = 0; i < 10; i++) {
                        try {
                          hanging.await(Duration.ofSeconds(10));
                        } catch (InterruptedException e) {
                          i--; // deaf to interruption
                        }
                      }
                      return "";
                    })
                .mediation(EnumSet.of(MediationReason.COMPLEXITY))
                .timeout(Duration.ofSeconds(100)),
            time);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.activeTime()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
    assertThat(mediator(result).status()).isEqualTo(AgentStatus.TIMED_OUT);
    assertThat(result.abandonedThreads()).isEqualTo(1);
  }

  @Test
  void aRevokedMediatorIsNotReplacedAndLeavesNoHandoff() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .complexity((objective, documents) -> 1)
                .successors(
                    (failed, handoff) -> {
                      throw new AssertionError("asked for a successor");
                    })
                .team(
                    Team.of(DecisionRule.by("one"), Agent.of("one", ctx -> "1"))
                        .mediator(
                            Agent.of(
                                    "GAMMA",
                                    ctx -> ctx.tools().call("no-such-tool", Map.of()).text())
                                .errorBudget(new ErrorBudget(1, 1, 1)))));

    assertThat(mediator(result).status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(result.mediations()).hasSize(1);
    assertThat(result.handoffs()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  private static OrchestrationResult mediated(AgentBody<String> mediator, AtomicInteger calls) {
    return Scenes.run(
        complex(mediator)
            .model(
                "m",
                (request, exchange) -> {
                  calls.incrementAndGet();
                  return Scenes.reply("ok");
                }),
        Scenes.time());
  }

  /** The mediator is spawned at once; the agent takes a minute. */
  private static OrchestratorBuilder complex(AgentBody<String> mediator) {
    AgentBody<String> minute =
        ctx -> {
          for (int i = 0; i < 6; i++) {
            ctx.awaitChange(ctx.proposals(), Duration.ofSeconds(10));
            ctx.heartbeat();
          }
          while (ctx.remaining().compareTo(Duration.ofSeconds(40)) > 0) {
            ctx.awaitChange(ctx.proposals(), ctx.remaining().minusSeconds(40));
            ctx.heartbeat();
          }
          return "1";
        };
    return Orchestrator.builder()
        .complexity((objective, documents) -> 1)
        .mediation(EnumSet.of(MediationReason.COMPLEXITY))
        .team(
            Team.of(DecisionRule.by("one"), Agent.of("one", minute))
                .mediator(Agent.of("GAMMA", mediator)));
  }

  private static AgentReport mediator(OrchestrationResult result) {
    return result.agent("GAMMA").orElseThrow();
  }

  private static Duration endedAfter(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.AGENT_STATUS).stream()
        .filter(event -> Scenes.field(event, "agent_id").endsWith("-gamma"))
        .filter(event -> Scenes.field(event, "to").equals("TIMED_OUT"))
        .map(event -> Duration.between(Scenes.START, event.at()))
        .findFirst()
        .orElseThrow();
  }
}

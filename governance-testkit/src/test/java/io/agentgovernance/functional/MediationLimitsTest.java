// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What pauses the stuck clock, how mediators follow each other, and what ends them. */
class MediationLimitsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  // ---- calls in flight

  @Test
  void aSlowModelCallAloneIsNotStuck() {
    OrchestrationResult result =
        Scenes.run(asking().model("slow", taking(Duration.ofSeconds(50))), Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.activeTime()).isEqualTo(Duration.ofSeconds(50));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void waitingAsLongForNothingIsStuck() {
    AgentBody<String> waits =
        ctx -> {
          ctx.receive(Duration.ofSeconds(50));
          return "";
        };

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(two(waits, waits)), Scenes.time());

    assertThat(result.mediations()).hasSize(1);
  }

  @Test
  void aSlowToolCallAloneIsNotStuck() {
    ManualTime time = Scenes.time();
    Tool slow =
        Tool.of(
                "slow",
                Map.class,
                String.class,
                (input, call) -> {
                  time.waiter().await(Duration.ofSeconds(50));
                  return "done";
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1)
            .timeout(Duration.ofSeconds(60));
    Agent one = Agent.of("one", ctx -> ctx.tools().call("slow", Map.of()).text()).tools("slow");

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder().tools(slow).team(Team.of(DecisionRule.by("one"), one)), time);

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aModelCallPausesTheClockForItsOwnTimeoutAndNoLonger() {
    ChatModel deaf =
        (request, exchange) -> {
          long end = exchange.time().ticks() + Duration.ofSeconds(100).toNanos();
          TimeSource.Waiter waiter = exchange.time().waiter();
          while (exchange.time().ticks() < end) {
            try {
              waiter.await(Duration.ofNanos(end - exchange.time().ticks()));
            } catch (InterruptedException e) {
              // deaf to interruption
            }
          }
          return Scenes.reply("late");
        };

    OrchestrationResult result =
        Scenes.run(asking().callTimeout(Duration.ofSeconds(60)).model("deaf", deaf), Scenes.time());

    assertThat(spawnedAfter(result)).containsExactly(Duration.ofSeconds(60 + 30));
  }

  @Test
  void streamedTokensAreProgressAlsoBeyondTheThreshold() {
    ChatModel streaming =
        (request, exchange) -> {
          TimeSource.Waiter waiter = exchange.time().waiter();
          for (int i = 0; i < 5; i++) {
            waiter.await(Duration.ofSeconds(10));
            exchange.delta("word ");
          }
          return Scenes.reply("words");
        };

    OrchestrationResult result = Scenes.run(asking().model("streaming", streaming), Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(Scenes.events(result, EventTypes.PROGRESS)).isNotEmpty();
  }

  @Test
  void aCallThatBeginsJustBeforeTheThresholdDoesNotKeepTheClockTurning() {
    ManualTime time = Scenes.time();
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              ctx.receive(Duration.ofSeconds(30).minusNanos(1));
              return ctx.model().ask(Prompt.user("slow?")).text();
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.receive(HOUR);
              return "";
            });

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("slow", taking(Duration.ofSeconds(50)))
                .team(Team.of(DecisionRule.by("one"), one, other)),
            time);

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  // ---- one after the other

  @Test
  void oneMediatorAtATimeAndTheNextReasonWaits() {
    OrchestrationResult result = Scenes.run(complexAndConflicted(3), Scenes.time());

    assertThat(result.mediations())
        .extracting(MediationReport::reason)
        .containsExactly(MediationReason.COMPLEXITY, MediationReason.CONFLICT);
    List<Event> all = result.timeline();
    int firstEnded = indexOf(all, EventTypes.AGENT_STATUS, "agent_id", result.run() + "-gamma");
    int secondSpawned = indexOf(all, EventTypes.GAMMA_SPAWNED, "reason", "CONFLICT");
    assertThat(firstEnded).isPositive();
    assertThat(secondSpawned).isGreaterThan(firstEnded);
  }

  @Test
  void aReasonThatNoLongerHoldsWhenItsTurnComesIsForgotten() {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < 3; i++) {
                ctx.propose("way " + i);
              }
              while (ctx.accepted().isEmpty()) {
                ctx.awaitChange(ctx.proposals(), HOUR);
              }
              ctx.send("GAMMA", "settled");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.vote(Scenes.until(ctx, all -> all.size() == 3).get(0), Choice.ACCEPT, "fine");
              return "";
            });
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              ctx.receiveFrom("one", HOUR);
              return "";
            });

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .complexity((objective, documents) -> 1)
                .team(Team.of(DecisionRule.quorum("one"), one, other).mediator(gamma)),
            Scenes.time());

    assertThat(result.mediations())
        .extracting(MediationReport::reason)
        .containsExactly(MediationReason.COMPLEXITY);
  }

  // ---- limits

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

  // ---- teams

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

  private static OrchestratorBuilder complexAndConflicted(int proposals) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                ctx.propose("way " + i);
              }
              ctx.send("GAMMA", "posted");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              while (ctx.accepted().isEmpty()) {
                ctx.awaitChange(ctx.proposals(), HOUR);
              }
              return "";
            });
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              if (ctx.mediation().orElseThrow().reason() == MediationReason.COMPLEXITY) {
                ctx.receiveFrom("one", HOUR);
              } else {
                ctx.mediation().orElseThrow().merge("all of them");
              }
              return "";
            });
    return Orchestrator.builder()
        .complexity((objective, documents) -> 1)
        .team(Team.of(DecisionRule.quorum("one"), one, other).mediator(gamma));
  }

  private static Team two(AgentBody<String> one, AgentBody<String> other) {
    return Team.of(DecisionRule.collect(), Agent.of("one", one), Agent.of("other", other))
        .mediator(Agent.of("GAMMA", ctx -> ""));
  }

  private static OrchestratorBuilder asking() {
    return Orchestrator.builder()
        .team(
            two(
                ctx -> ctx.model().ask(Prompt.user("slow?")).text(),
                ctx -> ctx.awaitOutput("one", String.class)));
  }

  private static ChatModel taking(Duration time) {
    return (request, exchange) -> {
      exchange.time().waiter().await(time);
      return Scenes.reply("at last");
    };
  }

  private static AgentReport mediator(OrchestrationResult result) {
    return result.agent("GAMMA").orElseThrow();
  }

  private static List<Duration> spawnedAfter(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.GAMMA_SPAWNED).stream()
        .map(event -> Duration.between(Scenes.START, event.at()))
        .toList();
  }

  private static Duration endedAfter(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.AGENT_STATUS).stream()
        .filter(event -> Scenes.field(event, "agent_id").endsWith("-gamma"))
        .filter(event -> Scenes.field(event, "to").equals("TIMED_OUT"))
        .map(event -> Duration.between(Scenes.START, event.at()))
        .findFirst()
        .orElseThrow();
  }

  private static int indexOf(List<Event> all, String type, String field, String value) {
    int found = -1;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).type().equals(type) && Scenes.field(all.get(i), field).equals(value)) {
        found = i;
      }
    }
    return found;
  }
}

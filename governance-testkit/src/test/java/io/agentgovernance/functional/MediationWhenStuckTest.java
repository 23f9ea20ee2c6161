// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.PipelineStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mediator for a team that makes no progress. */
class MediationWhenStuckTest extends MediatedTeams {
  @Test
  void thirtySecondsWithoutProgressSpawnTheMediatorWhoseDirectiveReachesEachAgent() {
    List<String> told = new ArrayList<>();
    AgentBody<String> waits =
        ctx -> {
          String message = ctx.receive(HOUR).orElseThrow().content().text();
          synchronized (told) {
            told.addAll(ctx.notices());
          }
          return message;
        };
    Team team =
        Team.of(DecisionRule.collect(), Agent.of("one", waits), Agent.of("two", waits))
            .mediator(directing("go on"));

    OrchestrationResult result = Scenes.run(Orchestrator.builder().team(team), Scenes.time());

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(reasons(result)).containsExactly(MediationReason.STUCK);
    assertThat(spawnedAfter(result)).containsExactly(Duration.ofSeconds(30));
    assertThat(told).containsExactly("Directive: go on", "Directive: go on");
  }

  @Test
  void aRunThatMayNotBeMediatedWhenStuckTimesOut() {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .mediation(EnumSet.complementOf(EnumSet.of(MediationReason.STUCK)))
            .team(waiting(directing("go on")));

    OrchestrationResult result = Scenes.run(builder, Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
    assertThat(result.activeTime()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void aTeamWithoutAMediatorIsNeverMediated() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder().team(waiting(directing("go on")).withoutMediator()),
            Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
  }

  @Test
  void stuckMediatesOnceOnly() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder().team(waiting(Agent.of("GAMMA", ctx -> "no idea"))),
            Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.STUCK);
    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
  }

  @Test
  void aNewValueOnTheBlackboardIsProgress() {
    assertThat(
            stuckAfter(
                ctx -> {
                  ctx.receive(Duration.ofSeconds(20));
                  ctx.blackboard().put("key", "value");
                }))
        .isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void theSameValueAgainIsNoProgress() {
    assertThat(
            stuckAfter(
                ctx -> {
                  ctx.blackboard().put("key", "value");
                  ctx.receive(Duration.ofSeconds(20));
                  ctx.blackboard().put("key", "value");
                }))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void messagesProposalsAndBallotsAreProgress() {
    assertThat(
            stuckAfter(
                ctx -> {
                  ctx.receive(Duration.ofSeconds(20));
                  ctx.send("other", "news");
                  ctx.receive(Duration.ofSeconds(20));
                  ctx.propose("a way");
                }))
        .isEqualTo(Duration.ofSeconds(70));
  }

  @Test
  void readingIsNoProgress() {
    assertThat(
            stuckAfter(
                ctx -> {
                  ctx.receive(Duration.ofSeconds(20));
                  ctx.blackboard().get("key");
                  ctx.proposals();
                  ctx.notices();
                }))
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void tenHeartbeatsInARowAreProgressAndNoMore() {
    List<Boolean> counted = new ArrayList<>();

    Duration stuck =
        stuckAfter(
            ctx -> {
              for (int i = 0; i < 12; i++) {
                ctx.receive(Duration.ofSeconds(20));
                counted.add(ctx.heartbeat());
              }
            });

    assertThat(stuck).isEqualTo(Duration.ofSeconds(10 * 20 + 30));
    assertThat(counted).hasSizeGreaterThan(10);
    assertThat(counted.subList(0, 10)).containsOnly(true);
    assertThat(counted.subList(10, counted.size())).containsOnly(false);
  }

  @Test
  void otherProgressRenewsTheHeartbeatsButTheSameValueAgainDoesNot() {
    List<Boolean> counted = new ArrayList<>();

    stuckAfter(
        ctx -> {
          ctx.blackboard().put("key", "value");
          beat(ctx, 10);
          counted.add(ctx.heartbeat());
          ctx.blackboard().put("key", "value");
          counted.add(ctx.heartbeat());
          ctx.blackboard().put("key", "other");
          counted.add(ctx.heartbeat());
        });

    assertThat(counted).containsExactly(false, false, true);
  }

  private static void beat(AgentContext ctx, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(ctx.heartbeat()).isTrue();
    }
  }

  private static Team waiting(Agent mediator) {
    AgentBody<String> waits =
        ctx -> {
          ctx.receive(HOUR);
          ctx.receive(HOUR);
          return "";
        };
    return Team.of(DecisionRule.collect(), Agent.of("one", waits), Agent.of("two", waits))
        .mediator(mediator);
  }

  /** Runs what an agent does, which then waits; says when the mediator came. */
  private static Duration stuckAfter(java.util.function.Consumer<AgentContext> work) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              work.accept(ctx);
              ctx.receive(HOUR);
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.receiveFrom("one", HOUR);
              ctx.receiveFrom("one", HOUR);
              return "";
            });
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .timeout(Duration.ofMinutes(10))
                .mediation(EnumSet.of(MediationReason.STUCK))
                .team(
                    Team.of(DecisionRule.collect(), one, other)
                        .mediator(Agent.of("GAMMA", ctx -> ""))),
            Scenes.time());
    return spawnedAfter(result).get(0);
  }
}

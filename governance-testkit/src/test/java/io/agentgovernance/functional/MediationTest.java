// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.StandardTeam;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When the mediator is spawned, and when it is not. */
class MediationTest {
  private static final Duration HOUR = Duration.ofHours(1);

  // ---- STUCK

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

  // ---- CONFLICT

  @Test
  void threeOpenProposalsSpawnTheMediatorWhoseChoiceBinds() {
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              Proposal second = ctx.proposals().get(1);
              ctx.mediation().orElseThrow().choose(second.id());
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.CONFLICT);
    assertThat(spawnedAfter(result)).containsExactly(Duration.ZERO);
    Proposal accepted = result.accepted().orElseThrow();
    assertThat(accepted.decidedBy()).isEqualTo("GAMMA");
    assertThat(accepted.ballots()).isEmpty();
    assertThat(accepted.content()).isEqualTo(Payload.text("way 2"));
    assertThat(result.proposals())
        .extracting(Proposal::state)
        .containsExactly(
            Proposal.State.SUPERSEDED, Proposal.State.ACCEPTED, Proposal.State.SUPERSEDED);
    assertThat(result.outcome())
        .isEqualTo(new Outcome.Accepted(Payload.text("the solution"), "GAMMA"));
  }

  @Test
  void theMediatorMayMergeInstead() {
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              ctx.mediation().orElseThrow().merge("the best of all");
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(result.accepted().orElseThrow().content())
        .isEqualTo(Payload.text("the best of all"));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void twoOpenProposalsAreNoConflict() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .mediation(EnumSet.of(MediationReason.CONFLICT))
                .team(quarrelling(2, directing("calm down"))),
            Scenes.time());

    assertThat(result.mediations()).isEmpty();
  }

  @Test
  void aRunThatMayNotBeMediatedInConflictIsNot() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .mediation(EnumSet.noneOf(MediationReason.class))
                .team(quarrelling(3, directing("calm down"))),
            Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
  }

  @Test
  void rejectedProposalsAreUnresolvedWhileNoneIsAccepted() {
    OrchestrationResult result = Scenes.run(rejecting(3), Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.CONFLICT);
  }

  @Test
  void twoRejectedProposalsAreNoConflict() {
    OrchestrationResult result = Scenes.run(rejecting(2), Scenes.time());

    assertThat(result.mediations()).isEmpty();
  }

  @Test
  void theMediatorHasNoVote() {
    List<String> refused = new ArrayList<>();
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              try {
                ctx.vote(ctx.proposals().get(0), Choice.ACCEPT, "");
              } catch (RefusedException e) {
                refused.add(e.code());
              }
              ctx.mediation().orElseThrow().choose(ctx.proposals().get(0).id());
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(refused).containsExactly("OUTSIDER");
    assertThat(result.proposals()).allSatisfy(p -> assertThat(p.electorate()).hasSize(1));
  }

  // ---- COMPLEXITY

  @Test
  void aScoreAboveTheThresholdSpawnsTheMediatorAndIsComputedOnce() {
    var asked = new AtomicInteger();
    AgentBody<String> waits = ctx -> ctx.receive(HOUR).orElseThrow().content().text();

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .complexity(
                    (objective, documents) -> {
                      asked.incrementAndGet();
                      return 0.81;
                    })
                .team(
                    Team.of(DecisionRule.collect(), Agent.of("one", waits), Agent.of("two", waits))
                        .mediator(directing("first this, then that"))),
            Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.COMPLEXITY);
    assertThat(spawnedAfter(result)).containsExactly(Duration.ZERO);
    assertThat(asked).hasValue(1);
    assertThat(result.solution().orElseThrow().json()).contains("first this, then that");
  }

  @Test
  void aScoreAtTheThresholdDoesNot() {
    assertThat(complex(Orchestrator.builder(), 0.8).mediations()).isEmpty();
  }

  @Test
  void aRunThatMayNotBeMediatedForComplexityIsNot() {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .mediation(EnumSet.complementOf(EnumSet.of(MediationReason.COMPLEXITY)));

    assertThat(complex(builder, 1).mediations()).isEmpty();
  }

  @Test
  void theStandardMediatorSendsTheSubObjectivesAsMessages() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("local:")
                .complexity((objective, documents) -> 1)
                .team(StandardTeam.of()));

    assertThat(reasons(result)).containsExactly(MediationReason.COMPLEXITY);
    assertThat(result.mediations().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(Scenes.events(result, EventTypes.AGENT_MESSAGE))
        .anyMatch(
            event ->
                Scenes.field(event, "from").endsWith("-gamma")
                    && event.data().at("/content/directive").isPresent());
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  private static OrchestrationResult complex(OrchestratorBuilder builder, double score) {
    return Scenes.run(
        builder
            .complexity((objective, documents) -> score)
            .team(Team.of(DecisionRule.by("one"), Agent.of("one", ctx -> "1"))),
        Scenes.time());
  }

  // ---- teams

  private static Agent directing(String directive) {
    return Agent.of(
        "GAMMA",
        ctx -> {
          ctx.mediation().orElseThrow().directAll(directive);
          return "";
        });
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

  /** One proposes so many ways that the other says nothing about; then it writes the solution. */
  private static Team quarrelling(int proposals, Agent mediator) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 1; i <= proposals; i++) {
                ctx.propose("way " + i);
              }
              while (ctx.accepted().isEmpty()) {
                ctx.awaitChange(ctx.proposals(), HOUR);
              }
              ctx.solve("the solution");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              while (ctx.solution().isEmpty()) {
                ctx.awaitChange(ctx.proposals(), HOUR);
              }
              return "";
            });
    return Team.of(DecisionRule.quorum("one"), one, other).mediator(mediator);
  }

  private static OrchestratorBuilder rejecting(int proposals) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                int rejected = i + 1;
                ctx.propose("way " + rejected);
                Scenes.until(
                    ctx,
                    all ->
                        all.stream().filter(p -> p.state() == Proposal.State.REJECTED).count()
                            == rejected);
              }
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                int next = i;
                Proposal open = Scenes.until(ctx, all -> all.size() > next).get(next);
                ctx.vote(open, Choice.REJECT, "no");
              }
              return "";
            });
    return Orchestrator.builder()
        .team(
            Team.of(DecisionRule.quorum("one"), one, other).mediator(Agent.of("GAMMA", ctx -> "")));
  }

  private static List<MediationReason> reasons(OrchestrationResult result) {
    List<Event> told = Scenes.events(result, EventTypes.GAMMA_SPAWNED);
    assertThat(told.stream().map(event -> Scenes.field(event, "reason")).toList())
        .isEqualTo(result.mediations().stream().map(m -> m.reason().name()).toList());
    return result.mediations().stream().map(MediationReport::reason).toList();
  }

  private static List<Duration> spawnedAfter(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.GAMMA_SPAWNED).stream()
        .map(event -> Duration.between(Scenes.START, event.at()))
        .toList();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.StandardTeam;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A mediator for an objective that is complex. */
class MediationForComplexityTest extends MediatedTeams {
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
}

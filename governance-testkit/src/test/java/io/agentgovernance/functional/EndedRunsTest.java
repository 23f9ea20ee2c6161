// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that has ended gives its result again. */
class EndedRunsTest extends Recovered {
  @Test
  void aRunThatEndedGivesItsResultAgain() {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    Map<PipelineStatus, OrchestrationResult> results = new LinkedHashMap<>();
    Map<PipelineStatus, Team> teams = teams();
    ManualTime time = Scenes.time();
    try (var first = ending(store, time).build()) {
      teams.forEach(
          (status, team) -> {
            Orchestration run =
                first.start(
                    RunRequest.of("Reach something").team(team).timeout(Duration.ofSeconds(9)));
            if (status == PipelineStatus.STOPPED) {
              time.awaitIdle();
              run.stop("enough");
            }
            results.put(status, Scenes.toTheEnd(run, time));
          });
    }
    ManualTime later = Processes.later(Duration.ofHours(1));
    try (var second = ending(store, later).build()) {
      results.forEach(
          (status, result) -> {
            assertThat(result.status()).isEqualTo(status);
            for (int time2 = 0; time2 < 2; time2++) {
              OrchestrationResult again =
                  ended(second.resume(ResumeRequest.of(result.run()).team(teams.get(status))));

              assertThat(again.outcome()).isEqualTo(result.outcome());
              assertThat(again.usage()).isEqualTo(result.usage());
              assertThat(again.proposals()).isEqualTo(result.proposals());
              assertThat(again.handoffs()).isEqualTo(result.handoffs());
              assertThat(again.denials()).isEqualTo(result.denials());
              assertThat(again.activeTime()).isEqualTo(result.activeTime());
              assertThat(again.checkpoint()).isEqualTo(result.checkpoint());
              assertThat(again.agents()).isEqualTo(result.agents());
              assertThat(again.timeline()).hasSameSizeAs(result.timeline());
              assertThat(again.warnings()).isEmpty();
            }
          });
      assertThat(second.unfinished(10)).isEmpty();
    }
    assertThat(world.calls()).isEmpty();
  }

  private static OrchestratorBuilder ending(CheckpointStore store, ManualTime time) {
    return Orchestrator.builder().checkpoints(store).time(time);
  }

  private static Map<PipelineStatus, Team> teams() {
    Map<PipelineStatus, Team> teams = new LinkedHashMap<>();
    teams.put(PipelineStatus.COMPLETED, Processes.only(ctx -> "done"));
    teams.put(
        PipelineStatus.FAILED,
        Processes.only(
            ctx -> {
              throw Mishap.lasting("not my day");
            }));
    teams.put(
        PipelineStatus.ORCHESTRATION_ERROR,
        Processes.only(
            ctx -> {
              throw new InternalError("the machine is broken");
            }));
    Agent waits = Agent.of("waits", ctx -> "" + ctx.receive(Duration.ofHours(1)).isPresent());
    Agent too = Agent.of("too", ctx -> "" + ctx.receive(Duration.ofHours(1)).isPresent());
    Team waiting = Team.of(DecisionRule.by("waits"), waits, too).withoutMediator();
    teams.put(PipelineStatus.TIMEOUT, waiting);
    teams.put(PipelineStatus.STOPPED, waiting);
    teams.put(
        PipelineStatus.ORCHESTRATION_FAILED,
        Team.of(
                DecisionRule.quorum("a"),
                Agent.of("a", ctx -> "no proposal"),
                Agent.of("b", ctx -> "none either"))
            .withoutMediator());
    return teams;
  }
}

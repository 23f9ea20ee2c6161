// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryMessageBus;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of a run that has ended nothing stays in a message bus that the host gave. */
class MessagesAreReleasedTest {
  private static final Duration LONG = Duration.ofMinutes(3);

  private final ManualTime time = Scenes.time();
  private final MessageBus bus = new MemoryMessageBus();

  private OrchestratorBuilder node() {
    return Orchestrator.builder()
        .time(time)
        .messageBus(bus)
        .mediation(Set.of())
        .timeout(LONG)
        .team(
            Team.of(
                DecisionRule.by("beta"),
                Agent.of(
                    "alpha",
                    ctx -> {
                      ctx.broadcast("look");
                      pause(ctx); // or nobody would be left for the other one to wait for
                      return "said";
                    }),
                Agent.of(
                    "beta",
                    ctx -> {
                      String heard = ctx.receive(LONG).orElseThrow().content().text();
                      pause(ctx);
                      return heard;
                    })));
  }

  private static void pause(AgentContext ctx) {
    boolean unused = ctx.awaitChange(ctx.proposals(), Duration.ofSeconds(5));
  }

  private int left(RunId run) {
    return bus.read(run, run.agent(AgentRole.of("beta")), 0, 10).size();
  }

  @Test
  void nothingIsLeftOfARunThatHasEnded() {
    try (Orchestrator orchestrator = node().build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Say something"));
      time.awaitIdle();
      assertThat(left(run.id())).isEqualTo(1);
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(left(run.id())).isZero();
    }
  }

  @Test
  void nothingIsLeftOfARunThatWasStopped() {
    try (Orchestrator orchestrator = node().build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Say something"));
      time.awaitIdle();
      run.stop("enough");
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(left(run.id())).isZero();
    }
  }

  /** The control: a run that is left to be resumed needs its messages. */
  @Test
  void theMessagesOfARunThatIsResumedLaterStay() {
    var checkpoints = new RecordedCheckpoints(Durability.DURABLE);
    RunId id;
    try (Orchestrator first = node().checkpoints(checkpoints).build()) {
      id = first.start(RunRequest.of("Say something")).id();
      time.awaitIdle();
    }
    assertThat(left(id)).isEqualTo(1);
    try (Orchestrator second = node().checkpoints(checkpoints).build()) {
      OrchestrationResult result = Scenes.toTheEnd(second.resume(id), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(left(id)).isZero();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.SharedCoordination.Renewals;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that does not let go of a run keeps its result waiting for two seconds, no longer. */
@Timeout(60)
class SlowGoodbyeTest {
  private static final Duration MOST = Duration.ofSeconds(2);
  private static final Duration A_LITTLE = Duration.ofMillis(100);
  private static final Duration LEASE_IS_THERE = SharedCoordination.TTL.minusMillis(1_600);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ManualTime time = Scenes.time();
  private final SharedCoordination store =
      new SharedCoordination(Backends.coordination(time), time);

  @AfterEach
  void end() {
    store.letGoodbyesEnd();
  }

  @Test
  void aRunThatCompletesGivesItsResult() {
    store.holdGoodbyes();
    Orchestration run = team(ctx -> "done").build().start(RunRequest.of("Reach something"));
    store.awaitGoodbye();
    time.advance(MOST.minus(A_LITTLE));
    assertThat(run.completion()).as("it waits for the store a little").isNotDone();
    time.advance(A_LITTLE);

    assertThat(ended(run).status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(store.goodbyes()).as("the store is not done").isZero();
    store.letGoodbyesEnd();
    time.awaitIdle();
    assertThat(store.goodbyes()).as("it was told all the same").isEqualTo(1);
  }

  @Test
  void soDoesARunThatLostItsLease() {
    store.holdGoodbyes();
    Orchestrator orchestrator = team(SlowGoodbyeTest::waits).build();
    Orchestration run = orchestrator.start(RunRequest.of("Wait"));
    time.awaitIdle();
    store.renewals(Renewals.FAIL);
    time.advanceWhenIdle(LEASE_IS_THERE);
    time.advance(A_LITTLE.multipliedBy(2));
    store.awaitGoodbye();
    assertThat(run.completion()).isNotDone();
    time.advance(MOST);

    assertThat(ended(run).outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEASE_LOST"));
    assertThat(store.goodbyes()).isZero();
    assertThatThrownBy(() -> orchestrator.resume(run.id()))
        .isInstanceOf(ResumeRefusedException.class)
        .hasMessageContaining("this orchestrator");
  }

  /** The other side: a store that answers has let go of the run when the result is there. */
  @Test
  void aStoreThatAnswersIsDoneBefore() {
    Orchestration run = team(ctx -> "done").build().start(RunRequest.of("Reach something"));

    assertThat(ended(run).status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(store.goodbyes()).isEqualTo(1);
  }

  private static String waits(AgentContext ctx) {
    boolean unused = ctx.awaitChange(ctx.proposals(), LONG);
    return "done";
  }

  private OrchestratorBuilder team(AgentBody<String> body) {
    return Orchestrator.builder()
        .time(time)
        .blackboard(store)
        .checkpoints(new RecordedCheckpoints(Durability.DURABLE))
        .timeout(Duration.ofHours(1))
        .mediation(Set.of())
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", String.class, body)));
  }

  private static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is done with a run holds no copy of it, whoever has the run then. */
@Timeout(90)
class AttachedRunsTest {
  private final RedisServer redis = RedisServer.start();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private RedisCoordination here;
  private RedisCoordination there;
  private RedisCheckpointStore checkpoints;

  @BeforeEach
  void open() {
    RedisOptions options = RedisOptions.DEFAULT.withLeaseTtl(Duration.ofSeconds(2));
    here = TestRun.open(redis.uri(), options);
    there = TestRun.open(redis.uri(), options);
    checkpoints = RedisCheckpointStore.builder(redis.uri()).open();
  }

  @AfterEach
  void close() {
    goOn.countDown();
    here.close();
    there.close();
    checkpoints.close();
    redis.close();
  }

  private OrchestratorBuilder node(RedisCoordination coordination) {
    return Orchestrator.builder()
        .blackboard(coordination)
        .checkpoints(checkpoints)
        .mediation(Set.of())
        .team(
            Team.of(
                DecisionRule.by("one"),
                Agent.of(
                    "one",
                    ctx -> {
                      goOn.await();
                      return "done";
                    })));
  }

  @Test
  void aHostThatLostItsLeaseLetsGoOfTheRun() throws Exception {
    try (Orchestrator orchestrator = node(here).build()) {
      List<Orchestration> runs = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        runs.add(orchestrator.start(RunRequest.of("Wait")));
      }
      assertThat(here.attached()).isEqualTo(10);
      for (Orchestration run : runs) {
        String leases = RedisKeys.of(TenantId.DEFAULT, run.id()).leases();
        redis.command("HDEL", leases, Lease.COORDINATOR);
      }
      for (Orchestration run : runs) {
        OrchestrationResult left = run.completion().get(30, TimeUnit.SECONDS);
        assertThat(left.outcome())
            .isInstanceOfSatisfying(
                Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEASE_LOST"));
      }

      Trial.await("no copy is left", () -> here.attached() == 0);
      assertThat(orchestrator.unfinished(20)).hasSize(10);
      assertThat(here.attached()).as("looking leaves no copy either").isZero();
    }
  }

  @Test
  void aHostThatLeavesARunOrMayNotJoinItLetsGoOfIt() throws Exception {
    try (Orchestrator first = node(here).build();
        Orchestrator second = node(there).build()) {
      Orchestration run = first.start(RunRequest.of("Wait"));
      Joined standby = second.join(JoinRequest.of(run.id()));
      assertThat(there.attached()).isEqualTo(1);
      standby.leave("for lunch");
      assertThat(standby.completion().get(30, TimeUnit.SECONDS))
          .isEqualTo(new JoinEnd.Left("for lunch"));
      Trial.await("no copy is left", () -> there.attached() == 0);

      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> second.join(JoinRequest.of(run.id()).roles("one")))
            .isInstanceOf(JoinRefusedException.class);
      }
      assertThat(second.unfinished(10)).hasSize(1);
      Trial.await("no copy is left of a run that was not joined", () -> there.attached() == 0);
      assertThat(here.attached()).as("the run goes on").isEqualTo(1);
      goOn.countDown();
      assertThat(run.completion().get(30, TimeUnit.SECONDS).status())
          .isEqualTo(PipelineStatus.COMPLETED);
      Trial.await("no copy is left", () -> here.attached() == 0);
    }
  }

  @Test
  void aCopyStaysUntilTheLastOneWhoWasGivenItLetsGo() {
    TestRun run = TestRun.in(here);
    TestRun.Agent agent = run.agent("alpha");
    RunId id = run.id();
    RunStore one = there.attach(id).orElseThrow();
    RunStore two = there.attach(id).orElseThrow();

    one.detach();
    assertThat(there.attached()).isEqualTo(1);
    run.store.apply(agent.write("w", "key"));
    Trial.await("it still hears of changes", () -> two.entry("key").isPresent());
    two.detach();
    two.detach();
    assertThat(there.attached()).isZero();

    RunStore again = there.attach(id).orElseThrow();
    run.store.apply(agent.write("w2", "other"));
    Trial.await("it hears of changes", () -> again.entry("other").isPresent());
  }
}

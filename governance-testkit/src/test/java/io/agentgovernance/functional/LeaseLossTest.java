// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.SharedCoordination.Renewals;
import io.agentgovernance.functional.SharedCoordination.Sent;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever cannot renew its lease stops before anybody else can be granted it (F13, F14). */
class LeaseLossTest {
  private static final int PARTITIONS = 100;
  private static final int JUMPS = 20;
  private static final Duration DRIFT = SharedCoordination.TTL.dividedBy(20);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int WRITES = 1_200;

  private final RecordedCheckpoints checkpoints = new RecordedCheckpoints(Durability.DURABLE);

  @Test
  void aHolderThatCannotRenewStopsBeforeItsLeaseEndsAndWritesNothingAfter() {
    var random = new SplittableRandom(13);
    for (int i = 0; i < PARTITIONS; i++) {
      ManualTime time = Scenes.time();
      var store = new SharedCoordination(Backends.coordination(time), time);
      try (var orchestrator = working(store, time).build()) {
        Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
        time.advanceWhenIdle(Duration.ofMillis(random.nextLong(1, 20_000)));
        store.renewals(Renewals.FAIL);
        time.advanceWhenIdle(SharedCoordination.TTL);

        OrchestrationResult result = ended(run);
        long limit = store.firstEnd() - DRIFT.multipliedBy(2).toNanos();
        assertThat(result.outcome())
            .isInstanceOfSatisfying(
                Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEASE_LOST"));
        assertThat(store.sent()).as("partition " + i).allMatch(each -> each.ticks() < limit);
        assertThat(checkpoints.unfinished(1_000)).contains(run.id());
        assertThat(checkpoints.held(run.id())).as("given back").isFalse();
      }
    }
  }

  @Test
  void withoutWatchingItsLeaseAHolderGoesOnUntilTheStoreRefusesIt() {
    ManualTime time = Scenes.time();
    var grants = new SharedCoordination(Backends.coordination(time), time).unwatched();
    try (var orchestrator = working(grants, time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(SharedCoordination.TTL.multipliedBy(2));
      OrchestrationResult unused = ended(run);

      long limit = grants.firstEnd() - DRIFT.multipliedBy(2).toNanos();
      assertThat(grants.sent()).as("it wrote too late").anyMatch(each -> each.ticks() >= limit);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Renewals.class,
      names = {"FAIL", "REFUSED"})
  void aLeaseThatWasNotRenewedEndsTheRunHereAndItIsResumedElsewhere(Renewals how) {
    ManualTime time = Scenes.time();
    var store = new SharedCoordination(Backends.coordination(time), time);
    try (var first = working(store, time).build();
        var second = working(store.another(), time).build()) {
      Orchestration run = first.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(Duration.ofSeconds(5));
      store.renewals(how);
      time.advanceWhenIdle(SharedCoordination.TTL);
      assertThat(ended(run).status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);

      OrchestrationResult result = Scenes.toTheEnd(second.resume(run.id()), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void aClockThatJumpsLosesNoLease() {
    var random = new SplittableRandom(14);
    for (int i = 0; i < JUMPS; i++) {
      ManualTime time = Scenes.time();
      var store = new SharedCoordination(Backends.coordination(time), time);
      try (var orchestrator = working(store, time).build()) {
        Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
        time.advanceWhenIdle(Duration.ofMillis(random.nextLong(1, 20_000)));
        time.shiftClock(Duration.ofHours(i % 2 == 0 ? 1 : -1));

        OrchestrationResult result = Scenes.toTheEnd(run, time);
        assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
        assertThat(time.ticks()).isGreaterThan(SharedCoordination.TTL.multipliedBy(5).toNanos());
      }
    }
  }

  /** The control: who reckons with the wall clock takes a lease for lost that it has. */
  @Test
  void whoReckonsByTheWallClockLosesItsLeaseWhenThatJumps() {
    ManualTime time = Scenes.time();
    var store = new SharedCoordination(Backends.coordination(time), time);
    try (var orchestrator = working(store, time).time(new WallTicks(time)).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(Duration.ofSeconds(5));
      time.shiftClock(Duration.ofHours(1));
      time.advanceWhenIdle(Duration.ofSeconds(5));

      assertThat(ended(run).outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEASE_LOST"));
    }
  }

  /** Time of which the ticks are those of the wall clock. */
  private record WallTicks(ManualTime time) implements TimeSource {
    @Override
    public Instant now() {
      return time.now();
    }

    @Override
    public long ticks() {
      return Duration.between(Instant.EPOCH, time.now()).toNanos();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return time.schedule(delay, task);
    }

    @Override
    public Waiter waiter() {
      return time.waiter();
    }

    @Override
    public void taskStarted() {
      time.taskStarted();
    }

    @Override
    public void taskEnded() {
      time.taskEnded();
    }

    @Override
    public Task startTask(String name) {
      return time.startTask(name);
    }
  }

  @Test
  void aClockThatJumpsKeepsNoLeaseForEver() {
    ManualTime time = Scenes.time();
    var store = new SharedCoordination(Backends.coordination(time), time);
    try (var orchestrator = working(store, time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(Duration.ofSeconds(5));
      store.renewals(Renewals.FAIL);
      time.shiftClock(Duration.ofHours(-1));
      time.advanceWhenIdle(SharedCoordination.TTL);

      assertThat(ended(run).status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    }
  }

  @Test
  void decisionsAreMadeOnNoAgentsThreadAndNotWhereChangesAreAnnounced() {
    ManualTime time = Scenes.time();
    var store = new SharedCoordination(Backends.coordination(time), time);
    try (var orchestrator = working(store, time).build()) {
      OrchestrationResult result =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
    List<Sent> decisions =
        store.sent().stream()
            .filter(each -> each.command() instanceof Command.OfCoordinator<?>)
            .toList();
    assertThat(decisions)
        .isNotEmpty()
        .allMatch(each -> each.thread().startsWith("governance-decision-"));
    assertThat(store.sent())
        .filteredOn(each -> each.command() instanceof Command.OfAgent<?>)
        .noneMatch(each -> each.thread().startsWith("store-delivery"));
  }

  @Test
  void aStoreThatIsGoneForADecisionLeavesTheRunToBeResumed() {
    ManualTime time = Scenes.time();
    var store = new SharedCoordination(Backends.coordination(time), time);
    try (var first = working(store, time).build();
        var second = working(store.another(), time).build()) {
      Orchestration run = first.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(Duration.ofSeconds(5));
      store.cut();
      time.advanceWhenIdle(Duration.ofSeconds(5));
      OrchestrationResult left = ended(run);
      assertThat(left.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("COORDINATION"));
      time.advanceWhenIdle(SharedCoordination.TTL);

      OrchestrationResult result = Scenes.toTheEnd(second.resume(run.id()), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  /** Somebody writes twenty times a second for a minute. */
  private OrchestratorBuilder working(SharedCoordination store, ManualTime time) {
    return Orchestrator.builder()
        .time(time)
        .blackboard(store)
        .checkpoints(checkpoints)
        .timeout(Duration.ofMinutes(10))
        .mediation(Set.of())
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", String.class, LeaseLossTest::write)));
  }

  private static String write(AgentContext ctx) {
    for (int i = 0; i < WRITES; i++) {
      ctx.blackboard().put("key", i);
      boolean unused = ctx.awaitChange(ctx.proposals(), PAUSE);
    }
    return "done";
  }

  private static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

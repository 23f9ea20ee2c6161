// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.core.PipelineStatus.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.health.UnhealthyException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * F15 by the real clock, for a whole run: what becomes of it if a host of it is cut off from the
 * store and the checkpoints for 5 s or for 30 s, or if it is stopped or closed meanwhile.
 *
 * <p>One agent is in a call of its model when the partition begins.
 */
@EnabledIfSystemProperty(named = "governance.soak", matches = "true", disabledReason = "takes long")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LongPartitionRunTest {
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofSeconds(30);
  private final CountingRun counting = new CountingRun();

  @AfterEach
  void close() {
    counting.close();
  }

  // ------------------------------------------------------------------ alone

  @ParameterizedTest
  @EnumSource
  void aRunWhoseHostIsCutOffForFiveSecondsGoesOn(Partition kind, TestReporter reporter)
      throws Exception {
    // a third of the lease has passed at the most: more than five seconds are left
    try (Orchestrator host = counting.farHost("?leaseTtl=15s")) {
      Orchestration run = host.start(RunRequest.of("Count"));
      counting.awaitCall();
      Duration recovery;
      ComponentState meanwhile;
      try (CountingRun.Watcher watcher = counting.watch(run)) {
        kind.begin(counting.proxy);
        long began = System.nanoTime();
        Partition.pass(SHORT.dividedBy(5));
        counting.answer(); // the provider answers while the store is away
        Partition.pass(SHORT.minusNanos(System.nanoTime() - began));
        meanwhile = CountingRun.coordination(host);
        counting.proxy.heal();
        recovery = watcher.untilTheNext();
      }
      OrchestrationResult result = run.completion().get(60, TimeUnit.SECONDS);

      reporter.publishEntry(kind + " 5 s, alone", "next change after " + recovery);
      assertThat(recovery).isLessThan(Duration.ofSeconds(2));
      assertThat(meanwhile).isNotEqualTo(ComponentState.HEALTHY);
      counting.whole(result, 2 * CountingRun.ROUNDS);
      assertThat(counting.cancelled).as("leases were kept").isEmpty();
      assertThat(CountingRun.told(result))
          .startsWith("HEALTHY-DEGRADED")
          .endsWith("DEGRADED-HEALTHY");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunWhoseHostIsCutOffForThirtySecondsIsLeftAndResumedAfterwards(
      Partition kind, TestReporter reporter) throws Exception {
    try (Orchestrator host = counting.farHost("")) {
      Orchestration run = host.start(RunRequest.of("Count"));
      counting.awaitCall();
      kind.begin(counting.proxy);
      long began = System.nanoTime();
      OrchestrationResult left = run.completion().get(LONG.toSeconds(), TimeUnit.SECONDS);
      Duration ended = Duration.ofNanos(System.nanoTime() - began);

      assertThat(left.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
      assertThat(left.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed ->
                  assertThat(failed.code()).isIn("COORDINATION", "LEASE_LOST", "CHECKPOINTS"));
      assertThat(counting.cancelled)
          .as("the call in flight")
          .containsExactly(CountingRun.HELD_CALL);
      assertThat(CountingRun.coordination(host)).isEqualTo(ComponentState.UNHEALTHY);
      assertThatThrownBy(() -> host.start(RunRequest.of("Another")))
          .isInstanceOf(UnhealthyException.class);

      Partition.pass(LONG.minusNanos(System.nanoTime() - began));
      counting.proxy.heal();
      long healed = System.nanoTime();
      Trial.await(
          "it is not unhealthy", () -> CountingRun.coordination(host) != ComponentState.UNHEALTHY);
      Duration recovery = Duration.ofNanos(System.nanoTime() - healed);
      Orchestration again = host.resume(run.id());
      OrchestrationResult result = again.completion().get(60, TimeUnit.SECONDS);

      reporter.publishEntry(
          kind + " 30 s, alone",
          "left after "
              + ended
              + ", call cancelled after "
              + counting.cancelledAfter(began)
              + ", runs are begun again "
              + recovery
              + " after healing");
      assertThat(counting.cancelledAfter(began)).isLessThan(Duration.ofSeconds(11));
      assertThat(ended).as("stores are waited for once").isLessThan(Duration.ofSeconds(13));
      assertThat(recovery).as("the next probe").isLessThan(Duration.ofSeconds(8));
      counting.whole(result, 2 * CountingRun.ROUNDS + 2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatIsStoppedWhileItsHostIsCutOffGivesItsResult(Partition kind, TestReporter reporter)
      throws Exception {
    try (Orchestrator host = counting.farHost("")) {
      Orchestration run = host.start(RunRequest.of("Count"));
      counting.awaitCall();
      kind.begin(counting.proxy);
      long began = System.nanoTime();
      var ending = run.completion().thenApply(r -> Duration.ofNanos(System.nanoTime() - began));
      StopReport report = run.stop("enough");
      Duration reported = Duration.ofNanos(System.nanoTime() - began);
      OrchestrationResult result = run.completion().get(60, TimeUnit.SECONDS);
      Duration ended = ending.get(60, TimeUnit.SECONDS);

      reporter.publishEntry(
          kind + ", stopped",
          "call cancelled after "
              + counting.cancelledAfter(began)
              + ", reported after "
              + reported
              + ", result after "
              + ended);
      assertThat(result.outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
      assertThat(report.agents()).hasSize(2);
      assertThat(counting.cancelledAfter(began)).isLessThan(Duration.ofSeconds(1));
      assertThat(reported).as("as documented").isLessThan(Duration.ofSeconds(6));
      assertThat(ended).as("two seconds for each step").isLessThan(Duration.ofSeconds(9));
      counting.proxy.heal();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRunHasAResultWhoseOrchestratorIsClosedWhileItIsCutOff(Partition kind, TestReporter reporter)
      throws Exception {
    Orchestrator host = counting.farHost("");
    Orchestration run = host.start(RunRequest.of("Count"));
    counting.awaitCall();
    kind.begin(counting.proxy);
    long began = System.nanoTime();
    host.close();
    Duration closed = Duration.ofNanos(System.nanoTime() - began);
    OrchestrationResult result = run.completion().get(60, TimeUnit.SECONDS);
    Duration ended = Duration.ofNanos(System.nanoTime() - began);

    reporter.publishEntry(kind + ", closed", "after " + closed + ", result after " + ended);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Stopped.class, stopped -> assertThat(stopped.by()).isEqualTo("orchestrator"));
    assertThat(closed).as("as documented, and a little").isLessThan(Duration.ofSeconds(11));
    counting.proxy.heal();
  }

  // ------------------------------------------------------------------ one of two hosts

  @ParameterizedTest
  @EnumSource
  void anAgentWhoseHostIsCutOffForFiveSecondsKeepsItsLease(Partition kind) throws Exception {
    try (Orchestrator near = counting.nearHost("?leaseTtl=15s");
        Orchestrator far = counting.farHost("?leaseTtl=15s")) {
      staysWhereItIs(kind, near, far, "beta");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCoordinatorThatIsCutOffForFiveSecondsKeepsTheRun(Partition kind) throws Exception {
    try (Orchestrator near = counting.nearHost("?leaseTtl=15s");
        Orchestrator far = counting.farHost("?leaseTtl=15s")) {
      staysWhereItIs(kind, far, near, "alpha");
    }
  }

  private void staysWhereItIs(
      Partition kind, Orchestrator coordinator, Orchestrator other, String role) throws Exception {
    Orchestration run = coordinator.start(RunRequest.of("Count").elsewhere(role));
    Joined joined = other.join(JoinRequest.of(run.id()).roles(role));
    counting.awaitCall();
    kind.begin(counting.proxy);
    long began = System.nanoTime();
    Partition.pass(SHORT.dividedBy(5));
    counting.answer();
    Partition.pass(SHORT.minusNanos(System.nanoTime() - began));
    counting.proxy.heal();
    OrchestrationResult result = run.completion().get(60, TimeUnit.SECONDS);

    counting.whole(result, 2 * CountingRun.ROUNDS);
    assertThat(counting.cancelled).isEmpty();
    assertThat(result.timeline()).noneMatch(e -> e.type().equals(EventTypes.AGENT_TAKEN_BACK));
    assertThat(joined.completion().get(30, TimeUnit.SECONDS))
        .isEqualTo(new JoinEnd.RunEnded(COMPLETED));
  }

  @ParameterizedTest
  @EnumSource
  void anAgentWhoseHostIsCutOffForThirtySecondsIsCancelledThereAndRunByTheCoordinator(
      Partition kind, TestReporter reporter) throws Exception {
    try (Orchestrator near = counting.nearHost("");
        Orchestrator far = counting.farHost("")) {
      Orchestration run = near.start(RunRequest.of("Count").elsewhere("beta"));
      Joined joined = far.join(JoinRequest.of(run.id()).roles("beta"));
      counting.awaitCall();
      kind.begin(counting.proxy);
      long began = System.nanoTime();
      OrchestrationResult result = run.completion().get(LONG.toSeconds(), TimeUnit.SECONDS);
      Duration ended = Duration.ofNanos(System.nanoTime() - began);
      Partition.pass(LONG.minusNanos(System.nanoTime() - began));
      counting.proxy.heal();
      JoinEnd end = joined.completion().get(60, TimeUnit.SECONDS);

      reporter.publishEntry(
          kind + " 30 s, joined host",
          "call cancelled after "
              + counting.cancelledAfter(began)
              + ", run complete after "
              + ended
              + ", the host: "
              + end);
      counting.whole(result, 2 * CountingRun.ROUNDS + 1);
      assertThat(counting.cancelled).containsExactly(CountingRun.HELD_CALL);
      assertThat(counting.cancelledAfter(began)).isLessThan(Duration.ofSeconds(10));
      assertThat(result.timeline())
          .filteredOn(event -> event.type().equals(EventTypes.AGENT_TAKEN_BACK))
          .hasSize(1);
      assertThat(end).isNotInstanceOf(JoinEnd.TakenOver.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCoordinatorThatIsCutOffForThirtySecondsLeavesTheRunToTheOtherHost(
      Partition kind, TestReporter reporter) throws Exception {
    try (Orchestrator near = counting.nearHost("");
        Orchestrator far = counting.farHost("")) {
      Orchestration run = far.start(RunRequest.of("Count").elsewhere("alpha"));
      Joined joined = near.join(JoinRequest.of(run.id()).roles("alpha"));
      counting.awaitCall();
      kind.begin(counting.proxy);
      long began = System.nanoTime();
      OrchestrationResult left = run.completion().get(LONG.toSeconds(), TimeUnit.SECONDS);
      JoinEnd end = joined.completion().get(LONG.toSeconds(), TimeUnit.SECONDS);
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      assertThat(end).isInstanceOf(JoinEnd.TakenOver.class);
      OrchestrationResult result =
          ((JoinEnd.TakenOver) end).run().completion().get(60, TimeUnit.SECONDS);
      Partition.pass(LONG.minusNanos(System.nanoTime() - began));
      counting.proxy.heal();

      reporter.publishEntry(
          kind + " 30 s, coordinator",
          "call cancelled after " + counting.cancelledAfter(began) + ", taken over after " + taken);
      assertThat(left.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
      assertThat(counting.cancelled).containsExactly(CountingRun.HELD_CALL);
      assertThat(counting.cancelledAfter(began)).isLessThan(Duration.ofSeconds(11));
      counting.whole(result, 2 * CountingRun.ROUNDS + 1);
    }
  }
}

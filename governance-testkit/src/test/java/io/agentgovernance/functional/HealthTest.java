// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Subscription;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentHealth;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.health.UnhealthyException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.testkit.StoreFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What is seen of the parts an orchestrator rests on, and what it does about them. */
class HealthTest extends WatchedParts {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Test
  void withoutItsCoordinationStoreNothingIsBegunUntilItWorksAgain() throws Exception {
    coordination.inject(new StoreFault.Unavailable());
    refusesAndRecovers(Component.COORDINATION, coordination::heal, coordination::hits);
  }

  @Test
  void withoutItsCheckpointStoreNothingIsBegunUntilItWorksAgain() throws Exception {
    checkpoints.inject(new StoreFault.Unavailable());
    refusesAndRecovers(Component.CHECKPOINTS, checkpoints::heal, checkpoints::hits);
  }

  @Test
  void withoutItsLedgerOneRunAtATimeMayTryIt() {
    ledger.inject(new LedgerFault.Unavailable());
    try (var orchestrator = builder().build()) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
            .isInstanceOf(LedgerUnavailableException.class);
      }
      assertThat(state(orchestrator, Component.LEDGER)).isEqualTo(ComponentState.UNHEALTHY);
      ledger.inject(new LedgerFault.Hang());
      var trial =
          CompletableFuture.supplyAsync(() -> orchestrator.start(RunRequest.of("Reach something")));
      while (ledger.hung() == 0) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
          .isInstanceOfSatisfying(
              UnhealthyException.class, e -> assertThat(e.component()).isEqualTo(Component.LEDGER));

      ledger.heal();
      ledger.releaseHung();
      OrchestrationResult result =
          Scenes.toTheEnd(trial.orTimeout(20, TimeUnit.SECONDS).join(), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, Component.LEDGER)).isEqualTo(ComponentState.HEALTHY);
    }
  }

  private interface Count {
    long get();
  }

  private void refusesAndRecovers(Component component, Runnable heal, Count calls)
      throws Exception {
    var told = new CountDownLatch(4);
    try (var orchestrator = builder().build()) {
      Subscription unused =
          orchestrator
              .health()
              .subscribe(
                  (before, after) -> {
                    seen.add(after.component() + " " + after.state());
                    told.countDown();
                  });
      for (int i = 0; i < 3; i++) {
        assertThat(state(orchestrator, component)).isNotEqualTo(ComponentState.UNHEALTHY);
        assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
            .isInstanceOf(GovernanceException.class)
            .isNotInstanceOf(UnhealthyException.class);
      }
      assertThat(state(orchestrator, component)).isEqualTo(ComponentState.UNHEALTHY);
      long before = calls.get();
      assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
          .isInstanceOfSatisfying(
              UnhealthyException.class, e -> assertThat(e.component()).isEqualTo(component))
          .hasMessageContaining("Orchestrator.health()");
      assertThat(calls.get()).as("it was not even tried").isEqualTo(before);

      heal.run();
      time.advanceWhenIdle(PROBE.multipliedBy(3));
      OrchestrationResult result =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, component)).isEqualTo(ComponentState.HEALTHY);
      assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(seen)
          .containsExactly(
              component + " DEGRADED",
              component + " UNHEALTHY",
              component + " DEGRADED",
              component + " HEALTHY");
    }
  }

  @Test
  void aRunThatGoesOnIsNotTouchedByABadLedgerButForItsActions() {
    try (var orchestrator = builder().build()) {
      for (int i = 0; i < 2; i++) {
        ledger.inject(new LedgerFault.Unavailable());
        assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
            .isInstanceOf(GovernanceException.class);
      }
      ledger.heal();
      assertThat(state(orchestrator, Component.LEDGER)).isEqualTo(ComponentState.DEGRADED);
      OrchestrationResult result =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void openRoutesAreSeenAndFallenBackFrom() {
    var broken = new AtomicBoolean(true);
    try (var orchestrator =
        Orchestrator.builder()
            .time(time)
            .model(
                "first",
                (request, exchange) -> {
                  if (broken.get()) {
                    throw ModelException.of(ModelException.Kind.UNAVAILABLE, "down").build();
                  }
                  return Scenes.reply("first");
                })
            .model("second", Scenes.saying("second"))
            .team(asking(6))
            .build()) {
      OrchestrationResult fallenBack =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
      assertThat(fallenBack.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, Component.MODELS)).isEqualTo(ComponentState.DEGRADED);
      assertThat(orchestrator.health().snapshot().state()).isEqualTo(ComponentState.DEGRADED);

      broken.set(false);
      time.advanceWhenIdle(Duration.ofMinutes(6));
      OrchestrationResult again =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
      assertThat(again.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, Component.MODELS)).isEqualTo(ComponentState.HEALTHY);
    }
  }

  @Test
  void aListenerThatFailsOrIsSlowHarmsNobody() {
    coordination.inject(new StoreFault.Unavailable());
    try (var orchestrator = builder().build()) {
      Subscription unused =
          orchestrator
              .health()
              .subscribe(
                  (before, after) -> {
                    throw new IllegalStateException("a listener");
                  });
      assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
          .isInstanceOf(GovernanceException.class);
      ComponentHealth found = orchestrator.health().snapshot().of(Component.COORDINATION);
      assertThat(found.failures()).isPositive();
      assertThat(found.lastFailure()).isEqualTo("CoordinationUnavailableException");
    }
  }
}

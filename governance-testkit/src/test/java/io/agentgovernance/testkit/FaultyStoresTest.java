// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StaleEpochException;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyStoresTest {
  private static final RunId RUN = RunId.of("run");
  private static final Command.Stop STOP = new Command.Stop("operator", "enough");

  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final FaultyCoordination coordination =
      new FaultyCoordination(new MemoryCoordination(time), time);
  private final FaultyCheckpointStore checkpoints =
      new FaultyCheckpointStore(new MemoryCheckpointStore(), time);

  @Test
  void anUnavailableCoordinationRefusesEverythingUntilItHeals() {
    RunStore store = coordination.create(terms()).orElseThrow();

    coordination.inject(new StoreFault.Unavailable());

    assertUnavailable(() -> store.apply(STOP));
    assertUnavailable(store::agents);
    assertUnavailable(() -> store.acquire("agent", "me", Duration.ofSeconds(1)));
    assertUnavailable(() -> coordination.attach(RUN));
    assertThat(coordination.hits()).isEqualTo(4);
    coordination.heal();
    assertThat(store.stopped()).isFalse();
  }

  @Test
  void onlyTheChosenCommandsAreHit() {
    RunStore store = coordination.create(terms()).orElseThrow();

    coordination.inject(new StoreFault.Unavailable(), Command.Cast.class, Command.Stop.class);

    assertThat(store.status()).isNotNull();
    assertUnavailable(() -> store.apply(STOP));
    assertUnavailable(() -> store.apply(STOP));
    assertThat(store.stopped()).isFalse();
    assertThatThrownBy(() -> coordination.inject(new StoreFault.Hang(), String.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.String");
  }

  @Test
  void aLostAnswerHidesWhatTookEffect() {
    RunStore store = coordination.create(terms()).orElseThrow();

    coordination.injectOnce(new StoreFault.LostAnswer(), Command.Stop.class);

    assertUnavailable(() -> store.apply(STOP));
    assertThat(store.stopped()).isTrue();
    assertThat(store.apply(STOP).status()).isEqualTo(Applied.Status.DUP);
  }

  @Test
  void aSlowCoordinationTakesItsTime() {
    RunStore store = coordination.create(terms()).orElseThrow();
    coordination.inject(new StoreFault.Slow(Duration.ofSeconds(3)), Command.Stop.class);
    CompletableFuture<Applied<PipelineStatus>> applied = inTask(() -> store.apply(STOP));

    time.advanceWhenIdle(Duration.ofSeconds(2));
    assertThat(store.stopped()).isFalse();
    time.advanceWhenIdle(Duration.ofSeconds(1));

    assertThat(applied.join().accepted()).isTrue();
  }

  @Test
  void whatHangsGoesThroughWhenReleased() {
    RunStore store = coordination.create(terms()).orElseThrow();
    coordination.inject(new StoreFault.Hang(), Command.Stop.class);
    CompletableFuture<Applied<PipelineStatus>> applied = inTask(() -> store.apply(STOP));
    time.awaitIdle();
    assertThat(coordination.hung()).isEqualTo(1);

    coordination.releaseHung();

    assertThat(applied.join().accepted()).isTrue();
    assertThat(coordination.hung()).isZero();
  }

  @Test
  void anInterruptedCallOfAHangingStoreFailsAndKeepsTheFlag() {
    RunStore store = coordination.create(terms()).orElseThrow();
    coordination.inject(new StoreFault.Hang(), Command.Stop.class);
    Thread.currentThread().interrupt();

    assertUnavailable(() -> store.apply(STOP));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.stopped()).isFalse();
  }

  @Test
  void checkpointsThatAreUnavailableAreNotWritten() {
    long epoch = checkpoints.claim(RUN, 0).orElseThrow();

    checkpoints.injectOnce(new StoreFault.Unavailable(), FaultyCheckpointStore.Call.APPEND);

    assertThatThrownBy(() -> checkpoints.append(RUN, epoch, deltas()))
        .isInstanceOf(CheckpointUnavailableException.class);
    assertThat(checkpoints.read(RUN, 0, 10)).isEmpty();
    checkpoints.append(RUN, epoch, deltas());
    assertThat(checkpoints.read(RUN, 0, 10)).hasSize(1);
    assertThat(checkpoints.hits()).isEqualTo(1);
  }

  @Test
  void checkpointsWhoseAnswerIsLostAreWritten() {
    long epoch = checkpoints.claim(RUN, 0).orElseThrow();

    checkpoints.inject(new StoreFault.LostAnswer(), FaultyCheckpointStore.Call.APPEND);

    assertThatThrownBy(() -> checkpoints.append(RUN, epoch, deltas()))
        .isInstanceOf(CheckpointUnavailableException.class);
    assertThat(checkpoints.read(RUN, 0, 10)).hasSize(1);
  }

  @Test
  void aRunTakenOverIsNobodyElses() {
    long epoch = checkpoints.claim(RUN, 0).orElseThrow();

    long newer = checkpoints.takeOver(RUN);

    assertThat(newer).isGreaterThan(epoch);
    assertThatThrownBy(() -> checkpoints.append(RUN, epoch, deltas()))
        .isInstanceOf(StaleEpochException.class);
  }

  private static List<Delta> deltas() {
    return List.of(new Delta.Elapsed(Duration.ofSeconds(1)));
  }

  private static RunTerms terms() {
    return new RunTerms(
        TenantId.DEFAULT,
        RUN,
        "an objective",
        Payload.empty(),
        List.of(AgentRole.ALPHA),
        null,
        SpendBudget.perRun(Money.usd("1"), 1000),
        Duration.ofMinutes(2),
        Set.of(),
        Digest.sha256("definition"),
        Instant.EPOCH);
  }

  private <T> CompletableFuture<T> inTask(Supplier<T> work) {
    TimeSource.Task task = time.startTask("caller");
    return CompletableFuture.supplyAsync(
        () -> {
          task.entered();
          try {
            return work.get();
          } finally {
            task.ended();
          }
        });
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(CoordinationUnavailableException.class)
        .hasMessageStartingWith("injected: ");
  }
}

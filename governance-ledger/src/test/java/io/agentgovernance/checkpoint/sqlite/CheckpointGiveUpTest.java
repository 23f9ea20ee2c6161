// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.time.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller gave up waiting for has not happened, although it was committed afterwards. */
@Timeout(60)
class CheckpointGiveUpTest {
  private static final RunId RUN = RunId.of("run");

  @TempDir Path folder;

  private final AtomicReference<@Nullable Work<?>> givenUp = new AtomicReference<>();
  private final Gate gate = new Gate("BEGIN");
  private SqliteCheckpointStore store;
  private SharedStore shared;

  @BeforeEach
  void open() {
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) {
            gate.step(name);
            Work<?> work = givenUp.get();
            if (name.equals("COMMIT") && work != null && work.performed()) {
              work.fail(new CheckpointUnavailableException("given up", null));
            }
          }
        };
    store = Stores.builder(folder).probe(probe).open();
    var settings =
        new StoreSettings(
            Durability.DURABLE,
            SqliteCheckpointStoreBuilder.DEFAULT_KEEP_RUNS,
            SqliteCheckpointStoreBuilder.DEFAULT_KEEP_FOR,
            TimeSource.system(),
            Probe.NONE);
    shared = SharedStore.open(Stores.file(folder), settings);
    assertThat(store.claim(RUN, 0)).hasValue(1);
    store.append(RUN, 1, Stores.elapsed(0, 1));
  }

  @AfterEach
  void close() {
    shared.leave();
    store.close();
  }

  private static Work.Append append(int from, int to) {
    return new Work.Append(
        RUN,
        1,
        Stores.elapsed(from, to).stream().map(d -> DeltaJson.write(d).getBytes(UTF_8)).toList(),
        0);
  }

  @Test
  void anAppendIsUndoneBeforeTheNext() {
    Work.Append tooSlow = append(50, 53);
    givenUp.set(tooSlow);

    assertThatThrownBy(() -> shared.write(tooSlow)).hasMessage("given up");
    store.append(RUN, 1, Stores.elapsed(1, 3));

    assertThat(Stores.all(store, RUN)).isEqualTo(Stores.elapsed(0, 3));
    assertThat(store.held(RUN)).as("it is still at it").isTrue();
  }

  @Test
  void whatSharedItsCommitAndCameAfterItGoesWithIt() throws Exception {
    Work.Append tooSlow = append(50, 53);
    givenUp.set(tooSlow);
    gate.close();
    var first = CompletableFuture.runAsync(() -> store.claim(RunId.of("other"), 0));
    gate.awaitWriter();
    var second = inQueue(tooSlow);
    var third = inQueue(append(60, 63));
    gate.open();
    first.join();

    assertThatThrownBy(second::join).hasRootCauseMessage("given up");
    assertThatThrownBy(third::join)
        .hasCauseInstanceOf(CheckpointUnavailableException.class)
        .hasMessageContaining("was given up");
    store.append(RUN, 1, Stores.elapsed(1, 2));
    assertThat(Stores.all(store, RUN)).isEqualTo(Stores.elapsed(0, 2));
  }

  /** Starts a caller and returns when it waits for its answer. */
  private CompletableFuture<Void> inQueue(Work<?> work) {
    var caller = new AtomicReference<@Nullable Thread>();
    var done =
        CompletableFuture.runAsync(
            () -> {
              caller.set(Thread.currentThread());
              Object unused = shared.write(work);
            },
            task -> new Thread(task).start());
    while (caller.get() == null || caller.get().getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return done;
  }

  @Test
  void aTakeOverIsUndoneAndWhoWasAtTheRunGoesOn() {
    var claim = new Work.Claim(RUN, 1);
    givenUp.set(claim);

    assertThatThrownBy(() -> shared.write(claim)).hasMessage("given up");
    store.append(RUN, 1, Stores.elapsed(1, 2));

    assertThat(store.epoch(RUN)).isEqualTo(1);
    assertThat(store.held(RUN)).isTrue();
    store.release(RUN, 1);
    assertThat(store.held(RUN)).as("by epoch 1").isFalse();
  }

  @Test
  void anEndIsUndone() {
    var finish = new Work.Finish(RUN, 1);
    givenUp.set(finish);

    assertThatThrownBy(() -> shared.write(finish)).hasMessage("given up");
    assertThat(store.claim(RunId.of("other"), 0)).hasValue(1);

    assertThat(store.unfinished(10)).containsExactly(RUN, RunId.of("other"));
    assertThat(store.held(RUN)).isTrue();
  }
}

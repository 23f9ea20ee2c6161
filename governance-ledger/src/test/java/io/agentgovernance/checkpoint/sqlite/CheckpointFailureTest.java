// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A commit that fails acknowledges nothing, and the store recovers by itself. */
@Timeout(60)
class CheckpointFailureTest {
  private static final int TIMES = 20;
  private static final int BATCH = 24;

  @TempDir Path folder;

  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void endCallers() throws InterruptedException {
    callers.shutdown();
    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /** A disk with so many pages, and a gate before each transaction. */
  private static final class Disk implements Probe {
    final AtomicInteger pages = new AtomicInteger(1_000_000);
    final AtomicInteger commits = new AtomicInteger();
    final Gate gate = new Gate("BEGIN");
    private volatile @Nullable Connection connection;

    @Override
    public void opened(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void step(String name) throws SQLException {
      gate.step(name);
      if (name.equals("ROW") && connection != null) {
        Sqlite.execute(connection, "PRAGMA max_page_count=" + pages.get());
      }
      if (name.equals("COMMITTED")) {
        commits.incrementAndGet();
      }
    }
  }

  /** Appends to each run in one commit, and returns what became of each. */
  private List<Boolean> together(SqliteCheckpointStore store, Disk disk, List<RunId> runs) {
    disk.gate.close();
    // The first transaction is somebody else's, while the others come together.
    var first = CompletableFuture.runAsync(() -> store.claim(RunId.random(), 7), callers);
    disk.gate.awaitWriter();
    var calls = runs.stream().map(run -> append(store, run)).toList();
    while (calls.stream().anyMatch(call -> !call.waits())) {
      Thread.onSpinWait();
    }
    disk.gate.open();
    first.join();
    return calls.stream().map(Call::written).toList();
  }

  private Call append(SqliteCheckpointStore store, RunId run) {
    var call = new Call();
    call.future =
        CompletableFuture.runAsync(
            () -> {
              call.thread = Thread.currentThread();
              store.append(run, 1, large(run));
            },
            callers);
    return call;
  }

  /** Deltas that do not fit into what is free in the pages there are. */
  private static List<Delta> large(RunId run) {
    List<Delta> deltas = new ArrayList<>(Stores.elapsed(0, 3));
    deltas.add(
        new Delta.Marked(
            new Checkpoint(
                run,
                1,
                Instant.parse("2026-01-24T10:00:00Z"),
                PipelineStatus.ORCHESTRATING,
                Payload.text("x".repeat(20_000)))));
    return deltas;
  }

  /** An append on its way. */
  private static final class Call {
    volatile @Nullable Thread thread;
    CompletableFuture<Void> future = new CompletableFuture<>();

    boolean waits() {
      Thread caller = thread;
      return caller != null && caller.getState() == Thread.State.TIMED_WAITING;
    }

    boolean written() {
      try {
        future.join();
        return true;
      } catch (CompletionException e) {
        assertThat(e.getCause()).isInstanceOf(CheckpointUnavailableException.class);
        assertThat(((CheckpointUnavailableException) e.getCause()).retryable()).isTrue();
        return false;
      }
    }
  }

  @Test
  void aFullDiskRefusesWholeBatchesUntilThereIsRoomAgain() throws Exception {
    var disk = new Disk();
    try (var store = Stores.builder(folder).probe(disk).open()) {
      for (int time = 0; time < TIMES; time++) {
        var runs = new ArrayList<RunId>();
        for (int i = 0; i < BATCH; i++) {
          RunId run = RunId.random();
          assertThat(store.claim(run, 0)).hasValue(1);
          runs.add(run);
        }
        disk.pages.set(1); // SQLite takes it as: no more than there are.
        assertThat(together(store, disk, runs)).as("time %d", time).doesNotContain(true);
        assertThat(runs).allSatisfy(run -> assertThat(Stores.all(store, run)).isEmpty());

        disk.pages.set(1_000_000);
        int before = disk.commits.get();
        assertThat(together(store, disk, runs)).as("time %d", time).doesNotContain(false);
        assertThat(disk.commits.get() - before).as("commits of %d appends", BATCH).isBetween(1, 2);
        assertThat(runs)
            .allSatisfy(run -> assertThat(Stores.all(store, run)).isEqualTo(large(run)));
      }
    }
  }

  @Test
  void everyStepMayFailAndNothingIsLostOrTwice() throws Exception {
    for (int k = 1; ; k++) {
      var failAt = new AtomicInteger(Integer.MAX_VALUE);
      Probe probe =
          new Probe() {
            @Override
            public void step(String name) throws SQLException {
              if (failAt.decrementAndGet() == 0) {
                throw new SQLException("injected at " + name);
              }
            }
          };
      Path own = Files.createDirectories(folder.resolve("k" + k));
      RunId run = RunId.of("run");
      try (var store = Stores.builder(own).probe(probe).open()) {
        failAt.set(k);
        again(() -> assertThat(store.claim(run, 0)).hasValue(1));
        assertThat(store.held(run)).isTrue();
        for (int i = 0; i < 4; i++) {
          int from = 3 * i;
          again(() -> store.append(run, 1, Stores.elapsed(from, from + 3)));
        }
        again(() -> assertThat(store.claim(run, 1)).hasValue(2));
        again(() -> store.append(run, 2, List.of(Stores.marked(run, 7))));
        again(() -> store.finish(run, 2));

        assertThat(store.read(run, 0, 12)).as("failed at %d", k).isEqualTo(Stores.elapsed(0, 12));
        assertThat(store.read(run, 12, 9)).containsExactly(Stores.marked(run, 7));
        assertThat(store.latest(run)).contains(Stores.marked(run, 7).checkpoint());
        assertThat(store.unfinished(10)).isEmpty();
        assertThat(store.held(run)).isFalse();
      }
      if (failAt.get() > 0) {
        assertThat(k).as("steps").isGreaterThan(30);
        return;
      }
    }
  }

  private static void again(Runnable call) {
    try {
      call.run();
    } catch (CheckpointUnavailableException e) {
      call.run();
    }
  }

  /** Negative control: the answer was lost after the commit, and reading shows it. */
  @Test
  void whatNobodyWasToldOfIsUndoneBeforeAnythingElse() throws Exception {
    var fail = new AtomicInteger();
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) throws SQLException {
            if (name.equals("COMMITTED") && fail.getAndDecrement() == 1) {
              throw new SQLException("the commit was done, but nobody knows");
            }
          }
        };
    RunId run = RunId.of("run");
    try (var store = Stores.builder(folder).probe(probe).open()) {
      assertThat(store.claim(run, 0)).hasValue(1);
      store.append(run, 1, Stores.elapsed(0, 2));
      fail.set(1);
      assertThatThrownBy(() -> store.append(run, 1, Stores.elapsed(2, 4)))
          .isInstanceOf(CheckpointUnavailableException.class);
      assertThat(Stores.all(store, run)).as("the commit was done").hasSize(4);

      RunId other = Stores.started(store);
      assertThat(Stores.all(store, run)).as("and is undone").isEqualTo(Stores.elapsed(0, 2));
      store.append(run, 1, Stores.elapsed(2, 5));
      assertThat(Stores.all(store, run)).isEqualTo(Stores.elapsed(0, 5));

      fail.set(1);
      assertThatThrownBy(() -> store.claim(run, 1))
          .isInstanceOf(CheckpointUnavailableException.class);
      assertThat(store.epoch(run)).as("the commit was done").isEqualTo(2);
      store.append(run, 1, Stores.elapsed(5, 6));
      assertThat(store.epoch(run)).as("nobody took it over").isEqualTo(1);

      fail.set(1);
      assertThatThrownBy(() -> store.finish(other, 1))
          .isInstanceOf(CheckpointUnavailableException.class);
    }
    try (var store = Stores.builder(folder).open()) {
      assertThat(store.unfinished(10)).as("undone while closing, too").hasSize(2);
    }
  }

  @Test
  void readingDoesNotWaitForTheWriterNorTheWriterForReaders() throws Exception {
    var gate = new Gate("COMMIT");
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) {
            gate.step(name);
          }
        };
    try (var store = Stores.builder(folder).probe(probe).open()) {
      RunId run = Stores.started(store);
      gate.close();
      var appended = append(store, run);
      gate.awaitWriter();

      assertThat(Stores.all(store, run)).isEqualTo(Stores.elapsed(0, 1));
      assertThat(store.epoch(run)).isEqualTo(1);
      assertThat(store.unfinished(1)).containsExactly(run);

      try (var reader = Stores.raw(Stores.file(folder))) {
        Sqlite.execute(reader, "BEGIN");
        assertThat(Sqlite.number(reader, "SELECT count(*) FROM delta")).isEqualTo(1);
        gate.open();
        assertThat(appended.written()).isTrue();
        assertThat(Sqlite.number(reader, "SELECT count(*) FROM delta")).isEqualTo(1);
      }
      assertThat(Stores.all(store, run)).hasSize(5);
    }
  }

  @Test
  void anInterruptedCallerLearnsWhatBecameOfItsAppend() throws Exception {
    try (var store = Stores.builder(folder).open()) {
      RunId run = Stores.started(store);
      var interrupted =
          CompletableFuture.supplyAsync(
              () -> {
                Thread.currentThread().interrupt();
                store.append(run, 1, Stores.elapsed(1, 2));
                return Thread.interrupted();
              },
              callers);

      assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Stores.all(store, run)).hasSize(2);
    }
  }

  @Test
  void refusalsOfOneAreNoHarmToOthersOfTheBatch() throws Exception {
    var disk = new Disk();
    try (var store = Stores.builder(folder).probe(disk).open()) {
      RunId good = Stores.started(store);
      RunId stale = Stores.started(store);
      assertThat(store.claim(stale, 1)).hasValue(2);
      disk.gate.close();
      var first = append(store, good);
      disk.gate.awaitWriter();
      var second = append(store, stale);
      var third = append(store, good);
      while (!second.waits() || !third.waits()) {
        Thread.onSpinWait();
      }
      disk.gate.open();

      assertThat(first.written()).isTrue();
      assertThat(third.written()).isTrue();
      assertThatThrownBy(second.future::join).hasCauseInstanceOf(StaleEpochException.class);
      assertThat(Stores.all(store, good)).hasSize(9);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.testkit.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCheckpointStoreTest {
  @TempDir Path folder;

  @Test
  void whatWasAppendedIsThereWhenItIsOpenedAgain() {
    RunId run = RunId.of("run");
    RunId over = RunId.of("over");
    try (var store = Stores.builder(folder).open()) {
      assertThat(store.durability()).isEqualTo(Durability.DURABLE);
      assertThat(store.claim(run, 0)).hasValue(1);
      assertThat(store.claim(run, 1)).hasValue(2);
      store.append(run, 2, List.of(Stores.elapsed(1), Stores.marked(run, 5), Stores.elapsed(2)));
      assertThat(store.claim(over, 0)).hasValue(1);
      store.finish(over, 1);
    }
    assertThat(folder.resolve("checkpoints.db-wal")).doesNotExist();
    try (var store = Stores.builder(folder).open()) {
      assertThat(store.epoch(run)).isEqualTo(2);
      assertThat(store.held(run)).as("its process has ended").isFalse();
      assertThat(Stores.all(store, run))
          .containsExactly(Stores.elapsed(1), Stores.marked(run, 5), Stores.elapsed(2));
      assertThat(store.latest(run)).contains(Stores.marked(run, 5).checkpoint());
      assertThat(store.unfinished(10)).containsExactly(run);
      assertThat(store.claim(over, 1)).hasValue(2);
      assertThat(store.held(over)).as("it has ended").isFalse();
    }
  }

  @Test
  void itIsReadableByItsOwnerOnly() throws Exception {
    try (var store = Stores.builder(folder).open()) {
      RunId unused = Stores.started(store);

      for (String name : List.of("checkpoints.db", "checkpoints.db-wal", "checkpoints.db-shm")) {
        assertThat(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void keepsTheLatestRunsThatEndedAndAllThatDidNot() {
    var unfinished = new ArrayList<RunId>();
    var ended = new ArrayList<RunId>();
    try (var store = Stores.builder(folder).keepRuns(5).open()) {
      for (int i = 0; i < 20; i++) {
        unfinished.add(Stores.started(store));
        ended.add(Stores.ended(store));
      }

      assertThat(store.unfinished(100)).isEqualTo(unfinished);
      assertThat(unfinished).allSatisfy(run -> assertThat(Stores.all(store, run)).hasSize(1));
      assertThat(ended.subList(0, 15)).allSatisfy(run -> assertThat(store.epoch(run)).isZero());
      assertThat(ended.subList(15, 20))
          .allSatisfy(run -> assertThat(Stores.all(store, run)).hasSize(1));
    }
    try (var store = Stores.builder(folder).keepRuns(2).open()) {
      assertThat(ended).filteredOn(run -> store.epoch(run) > 0).isEqualTo(ended.subList(18, 20));
      assertThat(store.unfinished(100)).isEqualTo(unfinished);
    }
  }

  @Test
  void keepsRunsThatEndedForAsLongAsItWasTold() {
    var time = ManualTime.startingAt(Stores.AT);
    RunId old;
    RunId unfinished;
    try (var store = Stores.builder(folder).time(time).keepFor(Duration.ofDays(30)).open()) {
      unfinished = Stores.started(store);
      old = Stores.ended(store);
      time.advance(Duration.ofDays(30));
      RunId young = Stores.ended(store);
      assertThat(store.epoch(old)).as("exactly 30 days").isEqualTo(1);
      time.advance(Duration.ofMinutes(1));
      RunId next = Stores.ended(store);

      assertThat(store.epoch(old)).isZero();
      assertThat(Stores.all(store, old)).isEmpty();
      assertThat(List.of(young, next)).allSatisfy(run -> assertThat(store.epoch(run)).isEqualTo(1));
    }
    time.advance(Duration.ofDays(31));
    try (var store = Stores.builder(folder).time(time).open()) {
      assertThat(store.unfinished(10)).containsExactly(unfinished);
      assertThat(Stores.all(store, unfinished)).hasSize(1);
    }
  }

  @Test
  void theFileDoesNotGrowWithRunsThatAreGone() throws Exception {
    try (var store = Stores.builder(folder).keepRuns(3).open()) {
      long size = 0;
      for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 5; i++) {
          RunId run = RunId.random();
          long epoch = store.claim(run, 0).orElseThrow();
          store.append(run, epoch, Stores.elapsed(0, 500));
          store.finish(run, epoch);
        }
        Stores.sql(store.file(), "PRAGMA wal_checkpoint(TRUNCATE)");
        size = round == 2 ? Files.size(store.file()) : size;
      }
      assertThat(Files.size(store.file())).isLessThanOrEqualTo(size);
    }
  }

  @Test
  void aSecondProcessIsToldWhoHoldsIt() throws Exception {
    try (var holder = AppenderProcess.start(folder, "p", 1)) {
      assertThat(holder.line()).isEqualTo("open");
      for (int i = 0; i < 3; i++) {
        var locked =
            catchThrowableOfType(
                CheckpointsLockedException.class, () -> Stores.builder(folder).open());

        assertThat(locked).hasMessageContaining("pid=" + holder.pid());
        assertThat(locked.pid()).hasValue(holder.pid());
        assertThat(locked.file()).isEqualTo(Stores.file(folder).toRealPath());
        assertThat(locked.retryable()).isTrue();
      }
      holder.kill();
    }
    Stores.builder(folder).open().close();
  }

  @Test
  void openedTwiceHereItIsOneUntilBothAreClosed() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("link.db"), Stores.file(folder).getFileName());
    try (var first = Stores.builder(folder).open()) {
      var second = SqliteCheckpointStore.open(link);
      RunId run = Stores.started(first);
      assertThat(second.held(run)).isTrue();
      second.append(run, 1, Stores.elapsed(1, 2));
      assertThatThrownBy(() -> Stores.builder(folder).keepRuns(7).processCrashOnly().open())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("[durability, keepRuns]");

      second.close();
      second.close();

      assertThatThrownBy(() -> second.append(run, 1, Stores.elapsed(2, 3)))
          .isInstanceOf(CheckpointUnavailableException.class)
          .hasMessageContaining("is closed");
      assertThatThrownBy(() -> second.held(run)).isInstanceOf(CheckpointUnavailableException.class);
      first.append(run, 1, Stores.elapsed(2, 3));
      assertThat(Stores.all(first, run)).isEqualTo(Stores.elapsed(0, 3));
    }
  }

  @Test
  void openedAndClosedByManyAtOnceItIsNeverLocked() {
    var all =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.runAsync(this::openOftenAndStartRuns))
            .toList();
    all.forEach(CompletableFuture::join);

    try (var store = Stores.builder(folder).open()) {
      assertThat(store.unfinished(1_000)).hasSize(8 * 10);
    }
  }

  private void openOftenAndStartRuns() {
    for (int n = 0; n < 10; n++) {
      try (var store = Stores.builder(folder).open()) {
        assertThat(Stores.all(store, Stores.started(store))).hasSize(1);
      }
    }
  }

  @Test
  void whatWasDamagedOrIsOfALaterVersionIsToldWithItsPlace() throws Exception {
    RunId run = RunId.of("run");
    try (var store = Stores.builder(folder).open()) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, Stores.elapsed(0, 3));
      Stores.sql(
          store.file(),
          "UPDATE delta SET body = CAST('{\"v\":2,\"type\":\"elapsed\"}' AS BLOB)"
              + " WHERE key = (SELECT max(key) FROM delta)");

      assertThatThrownBy(() -> Stores.all(store, run))
          .isInstanceOf(CheckpointUnreadableException.class)
          .hasMessageStartingWith("run 'run', delta 3, v: found 2, expected version 1");
      assertThat(store.read(run, 0, 2)).hasSize(2);
      assertThat(Stores.all(store, Stores.started(store))).as("other runs").hasSize(1);
    }
  }

  @Test
  void whatIsTooLargeIsRefusedAsAWhole() {
    RunId run = RunId.of("run");
    try (var store = Stores.builder(folder).open()) {
      long epoch = store.claim(run, 0).orElseThrow();
      Delta large = stop(SqliteCheckpointStore.MAX_DELTA_BYTES - 200);
      store.append(run, epoch, List.of(large));
      assertThat(Stores.all(store, run)).containsExactly(large);

      assertThatThrownBy(
              () ->
                  store.append(
                      run,
                      epoch,
                      List.of(Stores.elapsed(1), stop(SqliteCheckpointStore.MAX_DELTA_BYTES))))
          .isInstanceOf(CheckpointUnavailableException.class)
          .hasMessageContaining("expected at most 33554432 and 67108864");
      assertThatThrownBy(() -> store.append(run, epoch, List.of(large, large, large)))
          .isInstanceOf(CheckpointUnavailableException.class);
      assertThat(Stores.all(store, run)).hasSize(1);
    }
  }

  private static Delta stop(int size) {
    return new Delta.Changed(1, Stores.AT, new Command.Stop("x".repeat(size), ""));
  }

  @Test
  void pagesOfALongRunAreWhole() {
    RunId run = RunId.of("run");
    try (var store = Stores.builder(folder).open()) {
      RunId before = Stores.started(store);
      long epoch = store.claim(run, 0).orElseThrow();
      RunId after = Stores.started(store);
      IntStream.range(0, 20)
          .forEach(i -> store.append(run, epoch, Stores.elapsed(i * 100, i * 100 + 100)));
      var read = new ArrayList<Delta>();
      for (var page = store.read(run, 0, 333); !page.isEmpty(); ) {
        read.addAll(page);
        page = store.read(run, read.size(), 333);
      }

      assertThat(read).isEqualTo(Stores.elapsed(0, 2_000));
      assertThat(Stores.all(store, before)).hasSize(1);
      assertThat(Stores.all(store, after)).hasSize(1);
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    var builder = Stores.builder(folder);

    assertThatIllegalArgumentException().isThrownBy(() -> builder.keepRuns(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.keepFor(Duration.ofDays(-1)));
  }
}

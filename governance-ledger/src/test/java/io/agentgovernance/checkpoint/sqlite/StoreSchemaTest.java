// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSchemaTest {
  private static final RunId RUN = RunId.of("run-1");
  private static final RunId ENDED = RunId.of("run-0");
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  @TempDir Path folder;

  private static String golden(String name) throws Exception {
    try (var in = StoreSchemaTest.class.getResourceAsStream("/wire/v1/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What a release has stored is read by those after it. */
  @Test
  void aStoreOfVersionOneIsReadAndContinued() throws Exception {
    Path file = Stores.file(folder);
    Stores.sql(file, golden("sqlite-checkpoints.sql"));

    try (var store = SqliteCheckpointStore.builder(file).keepFor(FOR_EVER).open()) {
      List<Delta> deltas = Stores.all(store, RUN);
      assertThat(deltas.stream().map(DeltaJson::write))
          .isEqualTo(golden("sqlite-checkpoints.jsonl").lines().toList());
      assertThat(store.latest(RUN)).contains(Stores.marked(RUN, 2).checkpoint());
      assertThat(store.unfinished(10)).containsExactly(RUN);
      assertThat(store.epoch(RUN)).isEqualTo(2);
      assertThat(store.epoch(ENDED)).isEqualTo(1);

      assertThat(store.claim(RUN, 2)).hasValue(3);
      store.append(RUN, 3, List.of(Stores.elapsed(1)));
      assertThat(store.read(RUN, deltas.size(), 10)).containsExactly(Stores.elapsed(1));
      store.finish(RUN, 3);
      assertThat(store.unfinished(10)).isEmpty();
    }
  }

  @Test
  void aNewStoreHasTheTablesOfTheGoldenOne() throws Exception {
    Path golden = folder.resolve("golden.db");
    Stores.sql(golden, golden("sqlite-checkpoints.sql"));
    Stores.builder(folder).open().close();

    String tables =
        "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
    try (var expected = Stores.raw(golden);
        var made = Stores.raw(Stores.file(folder))) {
      assertThat(Sqlite.text(made, tables)).isEqualTo(Sqlite.text(expected, tables));
    }
  }

  @Test
  void aNewerVersionIsRefused() throws Exception {
    Stores.builder(folder).open().close();
    Stores.sql(Stores.file(folder), "INSERT INTO schema_version VALUES (2, 'later')");

    assertThatThrownBy(() -> Stores.builder(folder).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("schema version 2");
  }

  @Test
  void anotherDatabaseIsRefusedAndNotTouched() throws Exception {
    Path file = Stores.file(folder);
    Stores.sql(file, "CREATE TABLE customers (id INTEGER)");

    assertThatThrownBy(() -> Stores.builder(folder).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a database of something else");
    try (var connection = Stores.raw(file)) {
      assertThat(Sqlite.number(connection, "SELECT count(*) FROM sqlite_schema")).isEqualTo(1);
    }
  }

  @Test
  void aLedgerIsNoCheckpointStoreAndTheOtherWayRound() {
    Path file = Stores.file(folder);
    var ledger = SqliteLedger.builder(file).signingKey(folder.resolve("ledger.key"));
    Stores.builder(folder).open().close();
    assertThatThrownBy(ledger::open)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a database of something else");

    Path other = folder.resolve("ledger.db");
    SqliteLedger.builder(other).signingKey(folder.resolve("other.key")).open().close();
    assertThatThrownBy(() -> SqliteCheckpointStore.open(other))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a database of something else");
  }

  @Test
  void anUnfinishedFirstOpeningIsFinishedByTheNext() throws Exception {
    Files.createFile(Stores.file(folder));

    try (var store = Stores.builder(folder).open()) {
      assertThat(Stores.all(store, Stores.started(store))).hasSize(1);
    }
  }

  @Test
  void aBrokenFileIsUnavailableAndNothingStaysLocked() throws Exception {
    Files.writeString(Stores.file(folder), "x".repeat(10_000));

    assertThatThrownBy(() -> Stores.builder(folder).open())
        .isInstanceOf(CheckpointUnavailableException.class)
        .isNotInstanceOf(CheckpointsLockedException.class);

    Files.delete(Stores.file(folder));
    Stores.builder(folder).open().close();
  }

  @Test
  void pathsThatAreNoFilesAreRefused() throws Exception {
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));

    for (Path path :
        new Path[] {folder, folder.resolve("a?b"), folder.resolve("no/x.db"), dangling}) {
      assertThatThrownBy(() -> SqliteCheckpointStore.open(path))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("path of a checkpoint store");
    }
  }
}

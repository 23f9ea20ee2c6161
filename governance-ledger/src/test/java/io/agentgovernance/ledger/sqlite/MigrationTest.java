// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.Verification.Ok;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large files of version 1 become those of today in portions. */
class MigrationTest {
  private static final int ENTRIES = 40_000;
  private static final int KILLS = Trials.of(6);
  private static final int MOST_STEPS = 16;

  @TempDir Path folder;

  private static final class Steps implements Probe {
    private final List<String> names = new ArrayList<>();
    private final Path log;
    private long largestLog;

    Steps(Path file) {
      log = Path.of(file + "-wal");
    }

    @Override
    public synchronized void step(String name) throws SQLException {
      names.add(name);
      try {
        largestLog = Math.max(largestLog, Files.exists(log) ? Files.size(log) : 0);
      } catch (java.io.IOException e) {
        throw new SQLException(e);
      }
    }

    synchronized long count(String name) {
      return names.stream().filter(name::equals).count();
    }
  }

  private void olderLedger() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      for (int first = 1; first <= ENTRIES; first += 4_000) {
        Ledgers.append(ledger, first, first + 3_999);
      }
    }
    OlderVersion.one(Ledgers.file(folder));
    assertThat(SqliteLedger.verify(Ledgers.file(folder), Ledgers.publicKey(folder)))
        .isInstanceOf(Ok.class);
  }

  /** Each kill leaves a file that is whole, as one of either version, and loses a portion. */
  @Test
  void goesOnWhereAKilledProcessStopped() throws Exception {
    olderLedger();
    Path file = Ledgers.file(folder);
    List<String> rows = Ledgers.rows(file);
    Path original = Ledgers.copy(file, folder.resolve("original"));
    long seed = System.nanoTime();
    var random = new Random(seed);
    int interrupted = 0;

    for (int kill = 0; kill < KILLS; kill++) {
      var said =
          MigratingProcess.killed(folder, 1 + random.nextInt(MOST_STEPS), random.nextInt(20_000));
      boolean done = said.contains("open");
      interrupted += done ? 0 : 1;
      assertThat(SqliteLedger.verify(file, Ledgers.publicKey(folder)))
          .as("after kill %d, seed %d, %s", kill, seed, said)
          .isInstanceOf(Ok.class);
      assertThat(Ledgers.rows(file)).as("after kill %d, seed %d", kill, seed).isEqualTo(rows);
      if (done) {
        Ledgers.copy(original, folder);
      }
    }

    assertThat(interrupted).as("kills before it was done, seed %d", seed).isPositive();
    isWholeAndGoesOn(rows);
  }

  private void isWholeAndGoesOn(List<String> rows) throws Exception {
    Path file = Ledgers.file(folder);
    try (var ledger = Ledgers.builder(folder).open()) {
      assertThat(Ledgers.append(ledger, Ledgers.note("k7")).sequence()).isEqualTo(7);
      assertThat(Ledgers.append(ledger, Ledgers.note("next")).sequence()).isEqualTo(ENTRIES + 1);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
    assertThat(Ledgers.rows(file).subList(0, rows.size())).isEqualTo(rows);
    try (var connection = Ledgers.raw(file)) {
      assertThat(Connections.text(connection, "PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(
              Connections.number(
                  connection,
                  "SELECT count(*) FROM sqlite_schema WHERE name IN ('entry_1', 'entry_2')"))
          .isZero();
    }
  }

  @Test
  void copiesAndIndexesInPortionsThatKeepTheLogSmall() throws Exception {
    olderLedger();
    Path file = Ledgers.file(folder);
    var steps = new Steps(file);

    Ledgers.builder(folder).probe(steps).open().close();

    assertThat(steps.count("COPY")).isEqualTo(ENTRIES / EntryCopy.PORTION + 1);
    assertThat(steps.count("FOLLOW")).isPositive();
    assertThat(steps.largestLog).isPositive().isLessThan(Files.size(file) / 2);
  }

  /** A copy that was begun for other entries, as after restoring a backup, is not gone on with. */
  @Test
  void aCopyOfOtherEntriesIsMadeAnew() throws Exception {
    olderLedger();
    Path file = Ledgers.file(folder);
    List<String> rows = Ledgers.rows(file);
    Ledgers.sql(
        file,
        EntryCopy.CREATE,
        "INSERT INTO entry_2 SELECT * FROM entry WHERE seq <= 5000",
        "UPDATE entry_2 SET hash = zeroblob(32) WHERE seq = 5000");

    isWholeAndGoesOn(rows);
  }
}

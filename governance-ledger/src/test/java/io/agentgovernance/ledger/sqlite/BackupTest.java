// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F9: a copy of a ledger that is being written. */
class BackupTest {
  private static final int PRODUCERS = 16;
  private static final int TIMES = 10;

  @TempDir Path folder;

  @Test
  void aCopyMadeUnderLoadIsWholeAndAPrefix() throws Exception {
    var stop = new AtomicBoolean();
    var failed = new AtomicInteger();
    ExecutorService producers = Executors.newFixedThreadPool(PRODUCERS);
    try (var ledger = Ledgers.builder(folder).open()) {
      for (int i = 0; i < PRODUCERS; i++) {
        int producer = i;
        producers.execute(
            () -> {
              for (int n = 0; !stop.get(); n++) {
                try {
                  append(ledger, note(producer + "/" + n));
                } catch (AssertionError e) {
                  failed.incrementAndGet();
                }
              }
            });
      }
      for (int i = 0; i < TIMES; i++) {
        append(ledger, note("before/" + i));
        Path copy = folder.resolve("copy" + i + ".db");

        var result = ledger.backup(copy);

        assertThat(result).isInstanceOf(Ok.class);
        assertThat(SqliteLedger.verify(copy, Ledgers.publicKey(folder))).isEqualTo(result);
      }
      stop.set(true);
      producers.shutdown();
      assertThat(producers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      stop.set(true);
      producers.shutdownNow();
    }

    assertThat(failed).hasValue(0);
    var live = Ledgers.rows(Ledgers.file(folder));
    for (int i = 0; i < TIMES; i++) {
      var copied = Ledgers.rows(folder.resolve("copy" + i + ".db"));
      assertThat(copied).isEqualTo(live.subList(0, copied.size()));
    }
  }

  @Test
  void aCopyIsALedger() {
    Path copy = folder.resolve("copy.db");
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 3);
      assertThat(ledger.backup(copy)).isInstanceOf(Ok.class);
    }

    try (var restored = SqliteLedger.builder(copy).signingKey(Ledgers.key(folder)).open()) {
      assertThat(append(restored, note("k2")).sequence()).isEqualTo(2);
      assertThat(append(restored, note("k4")).sequence()).isEqualTo(4);
      assertThat(restored.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void anEmptyLedgerCanBeCopied() {
    try (var ledger = Ledgers.builder(folder).open()) {
      assertThat(ledger.backup(folder.resolve("copy.db"))).isInstanceOf(Ok.class);
    }
  }

  @Test
  void aCopyOfAChangedFileIsNotSigned() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 10);
      Ledgers.sql(
          Ledgers.file(folder),
          "DROP TRIGGER entry_no_update",
          "UPDATE entry SET type = 'X' WHERE seq = 4");

      assertThat(ledger.backup(folder.resolve("copy.db")))
          .isInstanceOfSatisfying(
              Tampered.class, found -> assertThat(found.firstBadSequence()).isEqualTo(4));
    }
  }

  @Test
  void aCopyDoesNotHideThatTheEndIsMissing() throws Exception {
    try (var ledger = Ledgers.builder(folder).anchorEvery(1).open()) {
      append(ledger, 1, 10);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      Ledgers.sql(
          Ledgers.file(folder), "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 7");

      assertThat(ledger.backup(folder.resolve("copy.db"))).isEqualTo(new TailMissing(3));
    }
  }

  @Test
  void aTargetThatExistsIsNotTouched() {
    var ledger = Ledgers.builder(folder).open();
    append(ledger, 1, 1);
    assertThat(ledger.backup(folder.resolve("copy.db"))).isInstanceOf(Ok.class);

    assertThatThrownBy(() -> ledger.backup(folder.resolve("copy.db")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("exists");
    ledger.close();
    assertThatThrownBy(() -> ledger.backup(folder.resolve("other.db")))
        .isInstanceOf(LedgerUnavailableException.class);
  }
}

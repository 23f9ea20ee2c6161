// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F5: a commit that fails acknowledges nothing, and the ledger recovers by itself. */
class FailureTest {
  private static final int TIMES = 20;
  private static final int BATCH = 40;

  @TempDir Path folder;

  /** Returns the entries acknowledged, or nothing if all were refused. A mixture is the fault. */
  private static List<LedgerReceipt> allOrNothing(List<CompletableFuture<LedgerReceipt>> batch) {
    var receipts = new ArrayList<LedgerReceipt>();
    int refused = 0;
    for (var future : batch) {
      var why = refusal(future);
      if (why == null) {
        receipts.add(Ledgers.settle(future));
      } else {
        assertThat(why.reason()).isEqualTo(Reason.FAILED);
        assertThat(why.retryable()).isTrue();
        refused++;
      }
    }
    assertThat(refused).isIn(0, batch.size());
    return receipts;
  }

  private static LedgerUnavailableException refusal(CompletableFuture<LedgerReceipt> future) {
    try {
      future.get(60, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return (LedgerUnavailableException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A disk with so many pages, and a gate. */
  private static final class Disk implements Probe {
    final AtomicInteger pages = new AtomicInteger(Integer.MAX_VALUE);
    final Gate gate = new Gate();
    private volatile Connection connection;

    @Override
    public void opened(Connection connection) throws SQLException {
      this.connection = connection;
    }

    @Override
    public void step(String name) throws SQLException {
      gate.step(name);
      if (name.equals("HEAD")) {
        Connections.execute(connection, "PRAGMA max_page_count=" + pages.get());
      }
    }
  }

  @Test
  void aFullDiskRefusesWholeBatchesUntilThereIsRoomAgain() throws Exception {
    var disk = new Disk();
    try (var ledger = Ledgers.builder(folder).probe(disk).open()) {
      for (int time = 0; time < TIMES; time++) {
        disk.pages.set(1); // SQLite takes it as: no more than there are.
        assertThat(allOrNothing(batch(ledger, disk.gate, "t" + time)))
            .as("time %d", time)
            .isEmpty();

        disk.pages.set(1_000_000);
        var written = allOrNothing(batch(ledger, disk.gate, "t" + time));
        long first = written.get(0).sequence();
        assertThat(written)
            .extracting(LedgerReceipt::sequence)
            .isEqualTo(LongStream.range(first, first + BATCH).boxed().toList());
      }

      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      assertThat(Ledgers.readAll(ledger)).hasSize(TIMES * (BATCH + 1));
    }
  }

  /** Appends drafts that are written in one commit, and are too large for the room in a page. */
  private static List<CompletableFuture<LedgerReceipt>> batch(
      SqliteLedger ledger, Gate gate, String prefix) {
    gate.close();
    var holdsTheWriter = ledger.append(note(prefix));
    gate.awaitWriter();
    var batch =
        IntStream.range(0, BATCH).mapToObj(i -> ledger.append(note(prefix + "/" + i))).toList();
    gate.open();
    var unused = refusal(holdsTheWriter);
    return batch;
  }

  @Test
  void everyStepMayFailAndNothingIsLostOrTwice() throws Exception {
    for (int k = 1; ; k++) {
      var failAt = new AtomicInteger(k);
      Probe probe =
          new Probe() {
            @Override
            public void step(String name) throws SQLException {
              if (failAt.decrementAndGet() == 0) {
                throw new SQLException("injected at " + name);
              }
            }

            @Override
            public int indexPortion() {
              return 2;
            }
          };
      var folderOfK = folder.resolve("k" + k);
      Files.createDirectories(folderOfK);
      try (var ledger = Ledgers.builder(folderOfK).probe(probe).open()) {
        for (int i = 1; i <= 5; i++) {
          var future = ledger.append(note("k" + i));
          if (refusal(future) != null) {
            append(ledger, note("k" + i));
          }
        }

        assertThat(Ledgers.readAll(ledger))
            .as("failed at step %d", k)
            .extracting(LedgerEntry::idempotencyKey)
            .containsExactly("k1", "k2", "k3", "k4", "k5");
        assertThat(ledger.verify()).isInstanceOf(Ok.class);
      }
      if (failAt.get() > 0) {
        assertThat(k).as("steps").isGreaterThan(20);
        return;
      }
    }
  }

  @Test
  void aDraftWhoseAcknowledgementWasLostIsTheSameEntryAgain() throws Exception {
    var fail = new AtomicInteger(1);
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) throws SQLException {
            if (name.equals("COMMITTED") && fail.getAndDecrement() == 1) {
              throw new SQLException("the commit was done, but nobody knows");
            }
          }
        };
    try (var ledger = Ledgers.builder(folder).probe(probe).open()) {
      assertThat(refusal(ledger.append(note("k1")))).isNotNull();

      assertThat(append(ledger, note("k1")).sequence()).isEqualTo(1);
      assertThat(append(ledger, note("k2")).sequence()).isEqualTo(2);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void nothingIsAppendedToAFileThatSomebodyElseChanged() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 10);
      Ledgers.sql(
          Ledgers.file(folder), "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 8");

      var why = refusal(ledger.append(note("next")));

      assertThat(why).isNotNull().hasMessageContaining("Somebody else changed the file");
      assertThat(ledger.verify()).isEqualTo(new TailMissing(2));
    }
  }

  @Test
  void anEntryThatCannotBeReadIsNoHarmToOthers() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 3);
      Ledgers.sql(
          Ledgers.file(folder),
          "DROP TRIGGER entry_no_update",
          "UPDATE entry SET body = CAST('{' AS BLOB) WHERE seq = 2");

      assertThat(refusal(ledger.append(note("k2")))).hasMessageContaining("entry 2 cannot be read");
      assertThat(append(ledger, note("k4")).sequence()).isEqualTo(4);
    }
  }
}

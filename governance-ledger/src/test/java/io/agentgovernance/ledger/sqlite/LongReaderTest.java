// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification.Ok;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F8: somebody reads in one transaction while the ledger is written. */
class LongReaderTest {
  private static final long LIMIT = 2 << 20;
  private static final long ONE_COMMIT = 1 << 20;

  @TempDir Path folder;

  private long log() throws Exception {
    return Files.size(Path.of(Ledgers.file(folder) + "-wal"));
  }

  private Connection reader() throws Exception {
    Connection reader = Ledgers.raw(Ledgers.file(folder));
    Connections.execute(reader, "BEGIN");
    assertThat(count(reader)).isEqualTo(10);
    return reader;
  }

  private static long count(Connection reader) throws Exception {
    return Connections.number(reader, "SELECT count(*) FROM entry");
  }

  /** Appends one entry after the other until one is refused, and returns how many were not. */
  private static int appendUntilRefused(SqliteLedger ledger) {
    for (int i = 0; ; i++) {
      try {
        ledger.append(note("held/" + i)).join();
      } catch (CompletionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                LedgerUnavailableException.class,
                why -> assertThat(why.reason()).isEqualTo(Reason.BUSY))
            .hasMessageContaining("End that reader");
        return i;
      }
    }
  }

  @Test
  void theLogStaysWithinItsLimitAndIsUsedAgainWhenTheReaderEnds() throws Exception {
    try (var ledger = Ledgers.builder(folder).maxLogBytes(LIMIT).open()) {
      append(ledger, 1, 10);
      int written;
      try (var reader = reader()) {
        written = appendUntilRefused(ledger);

        assertThat(written).as("while the reader was there").isPositive();
        assertThat(log()).isBetween(LIMIT, LIMIT + ONE_COMMIT);
        assertThat(ledger.health().logBytes()).isBetween(LIMIT, LIMIT + ONE_COMMIT);
        assertThat(ledger.health().logWarnings()).isEqualTo(1);
        assertThat(ledger.health().state()).isEqualTo(LedgerHealth.State.FAILED);
        assertThat(count(reader)).as("what it sees").isEqualTo(10);
      }

      long next = append(ledger, note("after")).sequence();

      assertThat(next).isEqualTo(11 + written);
      assertThat(log()).isLessThan(ONE_COMMIT);
      assertThat(ledger.health().state()).isEqualTo(LedgerHealth.State.WRITING);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  /** Negative control: what the limit is for. */
  @Test
  void withoutALimitTheLogGrowsOn() throws Exception {
    try (var ledger = Ledgers.builder(folder).maxLogBytes(Long.MAX_VALUE).open()) {
      append(ledger, 1, 10);
      try (var reader = reader()) {
        for (int i = 0; log() < LIMIT + 2 * ONE_COMMIT; i++) {
          append(ledger, note("held/" + i));
        }
        assertThat(count(reader)).isEqualTo(10);
      }
    }
  }

  /** With {@code -Psoak} only: a minute, the usual limit, and nobody waits for a second. */
  @Test
  void forAMinuteUnderSixteenProducersNobodyWaitsForASecond() throws Exception {
    assumeTrue(Trials.isSoak(), "takes a minute: run with -Psoak");
    var slowest = new AtomicLong();
    var written = new AtomicLong();
    var refused = new AtomicLong();
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 10);
      long largest = 0;
      try (var reader = reader()) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        var producers = new ArrayList<Thread>();
        for (int p = 0; p < 16; p++) {
          String prefix = "held/" + p + "/";
          var producer =
              new Thread(
                  () -> {
                    for (int i = 0; System.nanoTime() < end; i++) {
                      long start = System.nanoTime();
                      boolean done = isWritten(ledger, prefix + i);
                      slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
                      (done ? written : refused).incrementAndGet();
                    }
                  });
          producer.start();
          producers.add(producer);
        }
        for (Thread producer : producers) {
          while (producer.isAlive()) {
            producer.join(100);
            largest = Math.max(largest, log());
          }
        }
        assertThat(count(reader)).isEqualTo(10);
      }
      System.getLogger(LongReaderTest.class.getName())
          .log(
              System.Logger.Level.INFO,
              "{0} written, {1} refused, log at most {2} MiB, slowest answer {3} ms",
              written,
              refused,
              largest >> 20,
              TimeUnit.NANOSECONDS.toMillis(slowest.get()));
      assertThat(largest).isLessThan((1L << 30) + 16 * ONE_COMMIT);
      assertThat(ledger.health().logWarnings()).isEqualTo(1);
      assertThat(slowest.get()).isLessThan(TimeUnit.SECONDS.toNanos(1));
      append(ledger, note("after"));
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  private static boolean isWritten(SqliteLedger ledger, String key) {
    try {
      ledger.append(note(key)).join();
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  @Test
  void aReaderThatEndsInTimeIsNoHarm() throws Exception {
    try (var ledger = Ledgers.builder(folder).maxLogBytes(LIMIT).open()) {
      append(ledger, 1, 10);
      int n = 0;
      try (var reader = reader()) {
        while (log() < LIMIT * 3 / 4) {
          append(ledger, note("held/" + n++));
        }
        assertThat(ledger.health().logWarnings()).isEqualTo(1);
        assertThat(count(reader)).isEqualTo(10);
      }
      // Twice as much as is accepted: nothing holds the log any more.
      for (int i = 0; i < 2 * n; i++) {
        append(ledger, note("after/" + i));
      }

      assertThat(ledger.health().logWarnings()).isEqualTo(1);
      assertThat(log()).isLessThan(LIMIT);
    }
  }

  /** Each look makes the commit after it half as long again: see {@link LogGuard#watch}. */
  @Test
  void aLogThatNobodyHoldsIsLookedAtNowAndThenOnly() throws Exception {
    var looks = new AtomicInteger();
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) {
            looks.addAndGet(name.equals("LOOK") ? 1 : 0);
          }
        };
    try (var ledger = Ledgers.builder(folder).probe(probe).open()) {
      for (int i = 0; i < 640; i++) {
        append(ledger, note("k" + i));
      }
    }

    assertThat(looks.get()).as("in 640 commits").isEqualTo(10);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F2 and F3: what a disk can do to a ledger shows. */
class DamageTest {
  private static final int COPIES = Trials.of(300);
  private static final int ENTRIES = 330;
  private static final int ANCHOR_EVERY = 20;

  @TempDir static Path folder;

  private static Path live;
  private static PublicKey key;
  private static List<String> rows;
  private static long anchored;

  @BeforeAll
  static void killOneThatHasWritten() throws Exception {
    try (var producer = ProducerProcess.start(folder, "p", ENTRIES, ANCHOR_EVERY)) {
      assertThat(producer.line()).isEqualTo("open");
      assertThat(producer.line()).isEqualTo("done");
      producer.kill();
    }
    live = Ledgers.file(folder);
    key = Ledgers.publicKey(folder);
    rows = Ledgers.rows(Ledgers.copy(live, folder.resolve("rows")));
    var anchors = FileAnchorSink.read(Path.of(live + ".anchors"));
    anchored = anchors.get(anchors.size() - 1).sequence();
    assertThat(rows).hasSize(ENTRIES);
    assertThat(anchored).isPositive();
    assertThat(Files.size(Path.of(live + "-wal"))).isPositive();
  }

  @Test
  void aTornLogLeavesAPrefixAndNeverPassesForWhole() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    long size = Files.size(Path.of(live + "-wal"));
    int missing = 0;

    for (int i = 0; i < COPIES; i++) {
      Path copy = Ledgers.copy(live, folder.resolve("torn"));
      long cut = random.nextLong(size);
      try (var log = new RandomAccessFile(copy + "-wal", "rw")) {
        log.setLength(cut);
      }

      var result = SqliteLedger.verify(copy, key);

      var left = Ledgers.rows(copy);
      assertThat(left).as("cut at %d, seed %d", cut, seed).isEqualTo(rows.subList(0, left.size()));
      if (left.size() == anchored) {
        assertThat(result).as("cut at %d, seed %d", cut, seed).isInstanceOf(Ok.class);
      } else {
        assertThat(result).as("cut at %d, seed %d", cut, seed).isEqualTo(expected(left.size()));
      }
      missing += result instanceof TailMissing ? 1 : 0;
      if (i % 30 == 0) {
        opensAndGoesOn(copy, left.size());
      }
    }

    assertThat(missing).as("the cuts reached below the anchor").isPositive();
  }

  private static Verification expected(long left) {
    return left < anchored ? new TailMissing(anchored - left) : new UnanchoredTail(left - anchored);
  }

  private static void opensAndGoesOn(Path copy, long left) {
    try (var ledger = SqliteLedger.builder(copy).signingKey(Ledgers.key(folder)).open()) {
      assertThat(Ledgers.append(ledger, Ledgers.note("after")).sequence()).isEqualTo(left + 1);
      if (left < anchored) {
        assertThat(ledger.verify()).isNotInstanceOfAny(Ok.class, UnanchoredTail.class);
      }
    }
  }

  /** Negative control: what the anchors are for. */
  @Test
  void withoutAnchorsALostEndIsNotSeen() throws Exception {
    Path copy = Ledgers.copy(live, folder.resolve("unanchored"));
    Files.delete(Path.of(copy + ".anchors"));
    try (var log = new RandomAccessFile(copy + "-wal", "rw")) {
      log.setLength(log.length() * 2 / 3);
    }

    var result = SqliteLedger.verify(copy, key);

    int left = Ledgers.rows(copy).size();
    assertThat(left).isBetween(1, ENTRIES - 1);
    assertThat(result).isEqualTo(new UnanchoredTail(left));
  }

  @Test
  void aFlippedBitOfTheLogIsNeverSilent() throws Exception {
    flip("-wal", live);
  }

  @Test
  void aFlippedBitOfTheFileIsNeverSilent() throws Exception {
    Path checkpointed = Ledgers.copy(live, folder.resolve("checkpointed"));
    Ledgers.sql(checkpointed, "PRAGMA wal_checkpoint(TRUNCATE)");

    flip("", checkpointed);
  }

  /**
   * All rows, or those up to the anchor: what came after it may have been one commit, and without
   * it the file is as it was when it was anchored, as a crash may leave it.
   */
  private static List<List<String>> rowsOrAnchored() {
    return List.of(rows, rows.subList(0, Math.toIntExact(anchored)));
  }

  private static void flip(String suffix, Path original) throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    long size = Files.size(Path.of(original + suffix));
    var silent = new ArrayList<String>();
    int detected = 0;

    for (int i = 0; i < COPIES; i++) {
      Path copy = Ledgers.copy(original, folder.resolve("flipped"));
      long at = random.nextLong(size);
      int bit = 1 << random.nextInt(8);
      try (var file = new RandomAccessFile(copy + suffix, "rw")) {
        file.seek(at);
        int was = file.read();
        file.seek(at);
        file.write(was ^ bit);
      }

      var result = SqliteLedger.verify(copy, key);

      boolean whole =
          result instanceof Ok
              || (result instanceof UnanchoredTail tail && tail.count() == ENTRIES - anchored);
      if (!whole) {
        detected++;
      } else if (!rowsOrAnchored().contains(Ledgers.rows(copy))) {
        silent.add("bit %d of byte %d: %s".formatted(bit, at, result));
      }
    }

    assertThat(silent).as("seed %d", seed).isEmpty();
    assertThat(detected).isPositive();
    System.getLogger(DamageTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} flips of ''{1}'': {2} detected, the others changed no anchored entry",
            COPIES,
            suffix,
            detected);
  }
}

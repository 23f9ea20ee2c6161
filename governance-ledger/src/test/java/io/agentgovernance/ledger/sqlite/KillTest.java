// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F1: what was acknowledged survives the sudden death of its process. */
class KillTest {
  private static final int KILLS = Trials.of(20);
  private static final int MAX_ACKS = 1_500;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var acknowledged = new ArrayList<String>();

    for (int kill = 0; kill < KILLS; kill++) {
      acknowledged.addAll(writeAndKill(kill, 1 + random.nextInt(MAX_ACKS)));

      var result = SqliteLedger.verify(Ledgers.file(folder), Ledgers.publicKey(folder));
      assertThat(result)
          .as("after kill %d, seed %d", kill, seed)
          .isInstanceOfAny(Ok.class, UnanchoredTail.class);
    }

    check(acknowledged, seed);
  }

  private List<String> writeAndKill(int kill, int acks) throws Exception {
    var lines = new ArrayList<String>();
    try (var producer = ProducerProcess.start(folder, "p" + kill, 0, 200)) {
      assertThat(producer.line()).isEqualTo("open");
      while (lines.size() < acks) {
        lines.add(producer.line());
      }
      lines.addAll(producer.kill());
    }
    // The last line may be cut: then nobody has received that acknowledgement.
    lines.removeIf(line -> !line.endsWith(" ."));
    return lines;
  }

  private void check(List<String> acknowledged, long seed) throws Exception {
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS);
    try (var ledger = Ledgers.builder(folder).open()) {
      var entries = Ledgers.readAll(ledger);
      var byKey =
          entries.stream()
              .collect(Collectors.toMap(LedgerEntry::idempotencyKey, Function.identity()));
      for (String line : acknowledged) {
        String[] words = line.split(" ", -1);
        var entry = byKey.get(words[0]);
        assertThat(entry).as("%s, seed %d", line, seed).isNotNull();
        assertThat(entry.sequence()).isEqualTo(Long.parseLong(words[1]));
        assertThat(entry.hash().hex()).isEqualTo(words[2]);
      }
      assertThat(entries)
          .extracting(LedgerEntry::sequence)
          .isEqualTo(LongStream.rangeClosed(1, entries.size()).boxed().toList());
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      System.getLogger(KillTest.class.getName())
          .log(
              System.Logger.Level.INFO,
              "{0} kills, {1} acknowledged, {2} written, 0 lost",
              KILLS,
              acknowledged.size(),
              entries.size());
    }
    try (var connection = Ledgers.raw(Ledgers.file(folder))) {
      assertThat(Connections.text(connection, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }
}

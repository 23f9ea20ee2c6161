// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.payload.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {
  private static final LedgerQuery ALL = LedgerQuery.builder().build();

  @TempDir Path folder;

  private LedgerFile open() {
    return LedgerFile.open(Ledgers.file(folder));
  }

  @Test
  void readsWhileTheLedgerIsWritten() {
    try (var ledger = Ledgers.builder(folder).open();
        var file = open()) {
      append(ledger, 1, 5);

      assertThat(file.id()).isEqualTo(ledger.id());
      assertThat(file.file()).isEqualTo(ledger.file());
      assertThat(file.query(ALL).entries()).isEqualTo(ledger.query(ALL).entries()).hasSize(5);
      append(ledger, 6, 6);
      assertThat(file.last(LedgerQuery.builder().limit(2).build()))
          .extracting(LedgerEntry::sequence)
          .containsExactly(5L, 6L);
    }
  }

  @Test
  void theLastOnesAreThoseThatMatch() {
    var other = RunId.parse("run-2");
    try (var ledger = Ledgers.builder(folder).open();
        var file = open()) {
      append(ledger, 1, 5);
      append(
          ledger,
          LedgerDraft.of(Ledgers.TENANT, other, "STOP", Ledgers.AT, "k", Payload.text("x")));
      append(ledger, 6, 7);

      var ofRun = LedgerQuery.builder().run(Ledgers.RUN).afterSequence(4).limit(2).build();
      assertThat(file.last(ofRun)).extracting(LedgerEntry::sequence).containsExactly(7L, 8L);
      var stops = LedgerQuery.builder().type("STOP").build();
      assertThat(file.last(stops)).extracting(LedgerEntry::sequence).containsExactly(6L);
      var none = LedgerQuery.builder().run(other).afterSequence(6).build();
      assertThat(file.last(none)).isEmpty();
    }
  }

  @Test
  void streamsAllPagesOrUntilItIsEnough() {
    try (var ledger = Ledgers.builder(folder).open();
        var file = open()) {
      append(ledger, 1, 25);
      var pages = LedgerQuery.builder().limit(10).build();
      var seen = new ArrayList<LedgerEntry>();

      file.forEach(pages, seen::add);

      assertThat(seen).isEqualTo(Ledgers.readAll(ledger)).hasSize(25);
      seen.clear();
      file.forEach(pages, entry -> seen.add(entry) && seen.size() < 12);
      assertThat(seen).hasSize(12);
    }
  }

  @Test
  void countsWhatIsThere() {
    try (var ledger = Ledgers.builder(folder).anchorEvery(4).open();
        var file = open()) {
      assertThat(file.stats(LedgerProgress.NONE).entries()).isZero();
      for (int i = 1; i <= 5; i++) {
        append(ledger, i, i);
      }
      var other =
          LedgerDraft.of(
              Ledgers.TENANT,
              RunId.parse("run-2"),
              "STOP",
              Ledgers.AT.plusSeconds(9),
              "k",
              Payload.text("x"));
      append(ledger, other);
      var progress = new ArrayList<Long>();

      var stats = file.stats((done, total) -> progress.addAll(List.of(done, total)));

      assertThat(stats.ledgerId()).isEqualTo(ledger.id());
      assertThat(stats.schemaVersion()).isEqualTo(2);
      assertThat(stats.entries()).isEqualTo(6);
      assertThat(stats.runs()).isEqualTo(2);
      assertThat(stats.types()).containsExactly(Map.entry("NOTE", 5L), Map.entry("STOP", 1L));
      assertThat(stats.firstAt()).isEqualTo(Ledgers.AT);
      assertThat(stats.lastAt()).isEqualTo(Ledgers.AT.plusSeconds(9));
      assertThat(stats.fileBytes()).isPositive();
      assertThat(stats.logBytes()).isPositive();
      assertThat(stats.anchors()).isEqualTo(1);
      assertThat(stats.anchoredSequence()).isEqualTo(4);
      assertThat(stats.anchoredAt()).isNotNull();
      assertThat(progress).containsExactly(6L, 6L);
    }
  }

  @Test
  void verifiesWithProgress() {
    Path elsewhere = folder.resolve("elsewhere");
    try (var ledger = Ledgers.builder(folder).anchorSink(elsewhere).open()) {
      append(ledger, 1, 8_000);
      for (int i = 8_001; i <= 50_000; i += 2_000) {
        append(ledger, i, i + 1_999);
      }
    }
    var outside = FileAnchorSink.read(elsewhere);
    var keys = List.of(Ledgers.publicKey(folder));
    try (var file = open()) {
      var done = new ArrayList<Long>();

      assertThat(file.verify(outside, keys, (at, total) -> done.add(total - at)))
          .isEqualTo(file.verify(List.of(), keys, LedgerProgress.NONE))
          .isInstanceOf(Ok.class);
      assertThat(done).isNotEmpty().allMatch(left -> left >= 0 && left <= 50_000);
    }
  }

  @Test
  void aCopyOfALedgerThatIsWrittenEndsUnanchored() {
    Path copy = folder.resolve("copy.db");
    try (var ledger = Ledgers.builder(folder).anchorEvery(3).open();
        var file = open()) {
      for (int i = 1; i <= 5; i++) {
        append(ledger, i, i);
      }
      var keys = List.of(Ledgers.publicKey(folder));

      assertThat(file.backup(copy, keys, LedgerProgress.NONE)).isEqualTo(new UnanchoredTail(2));
      assertThatThrownBy(() -> file.backup(copy, keys, LedgerProgress.NONE))
          .isInstanceOf(BadInputException.class);
      assertThat(SqliteLedger.verify(copy, Ledgers.publicKey(folder)))
          .isEqualTo(new UnanchoredTail(2));
    }
  }

  /** Anchors are copied as far as they fit, so a copy shows no less than its original. */
  @Test
  void aCopyDoesNotHideThatTheEndIsMissing() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 10);
    }
    Ledgers.sql(
        Ledgers.file(folder), "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 7");
    var key = Ledgers.publicKey(folder);
    Path copy = folder.resolve("copy.db");
    try (var file = open()) {
      assertThat(file.verify(List.of(), List.of(key), LedgerProgress.NONE))
          .isEqualTo(new TailMissing(3));

      assertThat(file.backup(copy, List.of(key), LedgerProgress.NONE))
          .isEqualTo(new TailMissing(3));
    }
  }

  @Test
  void whatIsNoLedgerIsRefused() throws Exception {
    assertThatThrownBy(() -> LedgerFile.open(folder.resolve("missing.db")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not exist");
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(5_000));
    assertThatThrownBy(() -> LedgerFile.open(text))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("cannot be read");
    Path other = folder.resolve("other.db");
    Ledgers.sql(other, "CREATE TABLE customers (id INTEGER)");
    assertThatThrownBy(() -> LedgerFile.open(other))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a database of something else");
    assertThatThrownBy(() -> LedgerFile.open(folder))
        .isInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void theUsualPlaceOfAPublicKeyDependsOnTheIdAlone() {
    Ledgers.builder(folder).open().close();
    try (var file = open()) {
      assertThat(file.usualPublicKey())
          .isEqualTo(
              Path.of(
                  System.getProperty("user.home"),
                  ".agentgovernance",
                  "keys",
                  file.id() + ".key.pub"));
    }
  }
}

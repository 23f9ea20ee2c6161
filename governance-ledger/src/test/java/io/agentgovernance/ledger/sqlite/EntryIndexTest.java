// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Unreadable;
import io.agentgovernance.payload.Payload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables that find entries follow in portions, and nobody notices. */
class EntryIndexTest {
  private static final int PORTION = 8;
  private static final int ENTRIES = 21; // two portions and some more

  @TempDir Path folder;

  private SqliteLedger open() {
    return Ledgers.builder(folder)
        .probe(
            new Probe() {
              @Override
              public int indexPortion() {
                return PORTION;
              }
            })
        .open();
  }

  private long indexed() throws Exception {
    try (var connection = Ledgers.raw(Ledgers.file(folder))) {
      return Connections.number(connection, "SELECT " + EntryIndex.INDEXED);
    }
  }

  private static LedgerDraft of(String run, int n) {
    return LedgerDraft.of(
        Ledgers.TENANT, RunId.parse(run), "NOTE", Ledgers.AT, "k" + n, Payload.of(n));
  }

  private Verification verify() {
    return SqliteLedger.verify(Ledgers.file(folder), Ledgers.publicKey(folder));
  }

  @Test
  void aKeyIsKnownWhetherTheTablesHaveItYetOrNot() throws Exception {
    try (var ledger = open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        append(ledger, note("k" + i));
      }
      assertThat(indexed()).isEqualTo(16);

      knowsAll(ledger);
    }
    assertThat(indexed()).as("on closing").isEqualTo(ENTRIES);
    try (var again = open()) {
      knowsAll(again);
    }
    assertThat(verify()).isInstanceOf(Ok.class);
  }

  private static void knowsAll(SqliteLedger ledger) {
    for (int i = 1; i <= ENTRIES; i++) {
      LedgerDraft draft = note("k" + i);
      assertThat(append(ledger, draft).sequence()).isEqualTo(i);
      var other =
          LedgerDraft.of(
              draft.tenant(), draft.run(), "STOP", Ledgers.AT, "k" + i, Payload.text("x"));
      assertThatThrownBy(() -> ledger.append(other).get())
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LedgerConflictException.class);
    }
  }

  @Test
  void aProcessThatDiedLeavesKeysThatTheNextOneReads() throws Exception {
    Path copy;
    try (var ledger = open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        append(ledger, note("k" + i));
      }
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      copy = Ledgers.copy(Ledgers.file(folder), folder.resolve("copy"));
    }

    try (var ledger = SqliteLedger.builder(copy).signingKey(Ledgers.key(folder)).open()) {
      knowsAll(ledger);
      assertThat(append(ledger, note("next")).sequence()).isEqualTo(ENTRIES + 1);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void theSameKeyOfAnotherRunOrTenantIsAnother() {
    try (var ledger = open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        append(ledger, of("run-a", i));
      }
      var tenant = TenantId.parse("acme");
      for (int i = 1; i <= ENTRIES; i++) {
        assertThat(append(ledger, of("run-b", i)).sequence()).isEqualTo(ENTRIES + 2 * i - 1);
        var other =
            LedgerDraft.of(
                tenant, RunId.parse("run-a"), "NOTE", Ledgers.AT, "k" + i, Payload.of(i));
        assertThat(append(ledger, other).sequence()).isEqualTo(ENTRIES + 2 * i);
      }
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void theEntriesOfARunComeInOrderAndInPages() throws Exception {
    try (var ledger = open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        append(ledger, of(i % 3 == 0 ? "run-b" : "run-a", i));
      }
      List<Long> expected =
          LongStream.rangeClosed(1, ENTRIES).filter(i -> i % 3 == 0).boxed().toList();

      var query = LedgerQuery.builder().run(RunId.parse("run-b")).limit(2).build();
      try (var file = LedgerFile.open(Ledgers.file(folder))) {
        var found = new ArrayList<Long>();
        file.forEach(query, entry -> found.add(entry.sequence()));
        assertThat(found).isEqualTo(expected);
        assertThat(file.last(query)).extracting(LedgerEntry::sequence).containsExactly(18L, 21L);
        assertThat(file.query(query.after(18)).entries()).hasSize(1);
        assertThat(file.stats((done, total) -> {}).runs()).isEqualTo(2);
      }
    }
  }

  /** What a page costs must not grow with its run: nothing may be sorted. */
  @Test
  void aPageOfARunIsReadInOrderWithoutSorting() throws Exception {
    open().close();
    try (var connection = Ledgers.raw(Ledgers.file(folder));
        var statement =
            connection.prepareStatement(
                "EXPLAIN QUERY PLAN "
                    + Entries.sql(
                        LedgerSchema.VERSION,
                        LedgerQuery.builder().run(RunId.parse("r")).type("NOTE").build(),
                        new ArrayList<>()));
        var row = statement.executeQuery()) {
      var plan = new ArrayList<String>();
      while (row.next()) {
        plan.add(row.getString("detail"));
      }
      assertThat(plan).noneMatch(line -> line.contains("TEMP B-TREE"));
      assertThat(plan).noneMatch(line -> line.startsWith("SCAN entry"));
    }
  }

  @Test
  void anIndexThatWasChangedIsFound() throws Exception {
    try (var ledger = open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        append(ledger, of(i % 3 == 0 ? "run-b" : "run-a", i));
      }
    }
    assertThat(verify()).isInstanceOf(Ok.class);
    Path whole = Ledgers.copy(Ledgers.file(folder), folder.resolve("whole"));

    for (String change :
        List.of(
            "DELETE FROM entry_by_key WHERE seq = 5",
            "DELETE FROM entry_by_run WHERE seq = 5",
            "UPDATE entry_by_key SET seq = 6 WHERE seq = 5",
            "UPDATE entry_by_key SET idem = 'x' WHERE seq = 5",
            "UPDATE entry_by_key SET tenant = 'x' WHERE seq = 5",
            "UPDATE entry_by_run SET run = 'run-b' WHERE seq = 5",
            "UPDATE entry_by_run SET seq = 99 WHERE seq = 5",
            "INSERT INTO entry_by_run VALUES ('run-b', 5)",
            "INSERT INTO entry_by_key VALUES ('run-b', 'k5', 'default', 5)",
            "UPDATE ledger SET value = '20' WHERE name = 'indexed'",
            "UPDATE ledger SET value = '22' WHERE name = 'indexed'",
            "DELETE FROM ledger WHERE name = 'indexed'")) {
      Path copy = Ledgers.copy(whole, folder.resolve("changed"));
      Ledgers.sql(copy, change);

      assertThat(SqliteLedger.verify(copy, Ledgers.publicKey(folder)))
          .as(change)
          .isInstanceOfSatisfying(
              Unreadable.class,
              why -> assertThat(why.reason()).contains("its index does not fit its entries"));
    }
  }

  @Test
  void aChangedIndexDoesNotGiveEntriesToAnotherRun() throws Exception {
    try (var ledger = open()) {
      append(ledger, of("run-a", 1));
    }
    Ledgers.sql(Ledgers.file(folder), "INSERT INTO entry_by_run VALUES ('run-b', 1)");

    try (var file = LedgerFile.open(Ledgers.file(folder))) {
      var query = LedgerQuery.builder().run(RunId.parse("run-b")).build();
      assertThat(file.query(query).entries()).isEmpty();
    }
  }

  @Test
  void anIndexAheadOfItsEntriesIsMadeAnew() throws Exception {
    try (var ledger = open()) {
      append(ledger, 1, ENTRIES);
    }
    Ledgers.sql(
        Ledgers.file(folder), "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 10");
    assertThat(verify()).isEqualTo(new TailMissing(ENTRIES - 10));

    try (var ledger = open()) {
      assertThat(indexed()).isEqualTo(10);
      assertThat(append(ledger, note("k10")).sequence()).isEqualTo(10);
      assertThat(append(ledger, note("k11")).sequence()).isEqualTo(11);
      assertThat(Ledgers.readAll(ledger)).hasSize(11);
    }
  }

  @Test
  void whatIsFarBehindFollowsWhenTheLedgerIsOpened() throws Exception {
    int many = 5 * EntryIndex.PORTION;
    try (var ledger = Ledgers.builder(folder).open()) {
      var futures =
          IntStream.rangeClosed(1, many).mapToObj(i -> ledger.append(note("k" + i))).toList();
      futures.forEach(Ledgers::settle);
    }
    assertThat(verify()).isInstanceOf(Ok.class);
    Ledgers.sql(
        Ledgers.file(folder),
        "DELETE FROM entry_by_key",
        "DELETE FROM entry_by_run",
        "UPDATE ledger SET value = '0' WHERE name = 'indexed'");

    Ledgers.builder(folder).open().close();

    assertThat(indexed()).isEqualTo(many);
    assertThat(verify()).isInstanceOf(Ok.class);
  }
}

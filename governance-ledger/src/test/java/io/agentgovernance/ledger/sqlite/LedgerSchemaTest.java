// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.Unreadable;
import io.agentgovernance.ledger.Verification.UntrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerSchemaTest {
  @TempDir Path folder;

  private static String golden(String name) throws IOException {
    try (var in = LedgerSchemaTest.class.getResourceAsStream("/wire/v1/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What a release has stored is read by those after it. */
  @Test
  void aLedgerOfVersionOneIsVerifiedAndContinued() throws Exception {
    Path file = Ledgers.file(folder);
    Ledgers.sql(file, golden("sqlite-ledger.sql"));
    Files.writeString(Path.of(file + ".anchors"), golden("sqlite-ledger.anchors"));
    Path key = Files.writeString(folder.resolve("key.pub"), golden("sqlite-ledger.pub"));

    assertThat(SqliteLedger.verify(file, AnchorKeys.read(key)))
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isEqualTo(3));

    Path own = Files.write(folder.resolve("own.key"), AnchorKey.generate().pem());
    try (var ledger = SqliteLedger.builder(file).signingKey(own).open()) {
      assertThat(append(ledger, note("k1")).sequence()).isEqualTo(1);
      assertThat(ledger.verify()).isInstanceOf(UntrustedKey.class);
      assertThat(append(ledger, note("k4")).sequence()).isEqualTo(4);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  /**
   * The files themselves, as SQLite of each release wrote them. Their entries are the same, so what
   * is exported of them is the same, hashes included.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aFileOfEachVersionIsVerifiedReadAndContinued(int version) throws Exception {
    Path file = Ledgers.file(folder);
    String name = "/wire/v%d/sqlite-ledger-%d".formatted(version, version);
    copyGolden(name + ".db", file);
    copyGolden(name + ".db.anchors", Path.of(file + ".anchors"));
    Path pub = folder.resolve("key.pub");
    copyGolden(name + ".pub", pub);

    assertThat(SqliteLedger.verify(file, AnchorKeys.read(pub)))
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isEqualTo(10));
    List<LedgerEntry> read;
    try (var reading = LedgerFile.open(file)) {
      assertThat(reading.stats((done, total) -> {}).schemaVersion()).isEqualTo(version);
      read = readsAll(reading);
    }

    Path own = Files.write(folder.resolve("own.key"), AnchorKey.generate().pem());
    try (var ledger =
            SqliteLedger.builder(file).signingKey(own).formerKeys(AnchorKeys.read(pub)).open();
        var reading = LedgerFile.open(file)) {
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      assertThat(reading.stats((done, total) -> {}).schemaVersion())
          .isEqualTo(LedgerSchema.VERSION);
      assertThat(readsAll(reading)).isEqualTo(read);
      for (LedgerEntry entry : read) {
        assertThat(append(ledger, draft(entry))).isEqualTo(entry.receipt());
      }
      assertThat(append(ledger, note("next")).sequence()).isEqualTo(11);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
    assertThatThrownBy(() -> Ledgers.sql(file, "DELETE FROM entry WHERE seq = 11"))
        .hasMessageContaining("only appended to");
  }

  /** All entries as they were exported once, and those of each run among them. */
  private static List<LedgerEntry> readsAll(LedgerFile reading) throws IOException {
    var entries = new ArrayList<LedgerEntry>();
    var lines = new StringBuilder();
    reading.forEach(
        LedgerQuery.all(),
        entry -> {
          assertThat(LedgerHash.of(entry)).isEqualTo(entry.hash());
          lines.append(EntryJson.of(entry)).append('\n');
          return entries.add(entry);
        });
    assertThat(lines).hasToString(golden("sqlite-ledger-1.jsonl"));
    for (LedgerEntry entry : entries) {
      var query = LedgerQuery.builder().run(entry.run()).build();
      assertThat(reading.query(query).entries())
          .isEqualTo(entries.stream().filter(query::matches).toList());
    }
    return entries;
  }

  private static LedgerDraft draft(LedgerEntry entry) {
    return new LedgerDraft(
        entry.run(),
        entry.agent(),
        entry.tenant(),
        entry.type(),
        entry.at(),
        entry.idempotencyKey(),
        entry.body());
  }

  private static void copyGolden(String name, Path target) throws IOException {
    try (var in = LedgerSchemaTest.class.getResourceAsStream(name)) {
      Files.copy(in, target);
    }
  }

  @Test
  void aNewerVersionIsRefused() throws Exception {
    Ledgers.builder(folder).open().close();
    Ledgers.sql(Ledgers.file(folder), "INSERT INTO schema_version VALUES (3, 'later')");

    assertThatThrownBy(() -> Ledgers.builder(folder).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("schema version 3");
    assertThat(SqliteLedger.verify(Ledgers.file(folder), Ledgers.publicKey(folder)))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void anotherDatabaseIsRefusedAndNotTouched() throws Exception {
    Path file = Ledgers.file(folder);
    Ledgers.sql(file, "CREATE TABLE customers (id INTEGER)");

    assertThatThrownBy(() -> Ledgers.builder(folder).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a database of something else");
    assertThat(SqliteLedger.verify(file)).isInstanceOf(Unreadable.class);
    try (var connection = Ledgers.raw(file)) {
      assertThat(Connections.number(connection, "SELECT count(*) FROM sqlite_schema")).isEqualTo(1);
    }
  }

  @Test
  void anUnfinishedFirstOpeningIsFinishedByTheNext() throws Exception {
    Files.createFile(Ledgers.file(folder));

    try (var ledger = Ledgers.builder(folder).open()) {
      assertThat(append(ledger, note("k")).sequence()).isEqualTo(1);
    }
  }
}

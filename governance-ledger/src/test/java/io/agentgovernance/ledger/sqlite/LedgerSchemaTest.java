// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.Unreadable;
import io.agentgovernance.ledger.Verification.UntrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** The file itself, as SQLite of this release writes it, and what is exported of it. */
  @Test
  void aFileOfVersionOneIsVerifiedReadAndContinued() throws Exception {
    Path file = Ledgers.file(folder);
    copyGolden("sqlite-ledger-1.db", file);
    copyGolden("sqlite-ledger-1.db.anchors", Path.of(file + ".anchors"));
    Path pub = Files.writeString(folder.resolve("key.pub"), golden("sqlite-ledger-1.pub"));

    assertThat(SqliteLedger.verify(file, AnchorKeys.read(pub)))
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isEqualTo(10));
    try (var reading = LedgerFile.open(file)) {
      var lines = new StringBuilder();
      reading.forEach(
          LedgerQuery.builder().build(),
          entry -> {
            assertThat(LedgerHash.of(entry)).isEqualTo(entry.hash());
            return lines.append(EntryJson.of(entry)).append('\n') != null;
          });
      assertThat(lines).hasToString(golden("sqlite-ledger-1.jsonl"));
    }

    Path own = Files.write(folder.resolve("own.key"), AnchorKey.generate().pem());
    try (var ledger = SqliteLedger.builder(file).signingKey(own).open()) {
      assertThat(append(ledger, note("next")).sequence()).isEqualTo(11);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  private static void copyGolden(String name, Path target) throws IOException {
    try (var in = LedgerSchemaTest.class.getResourceAsStream("/wire/v1/" + name)) {
      Files.copy(in, target);
    }
  }

  @Test
  void aNewerVersionIsRefused() throws Exception {
    Ledgers.builder(folder).open().close();
    Ledgers.sql(Ledgers.file(folder), "INSERT INTO schema_version VALUES (2, 'later')");

    assertThatThrownBy(() -> Ledgers.builder(folder).open())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("schema version 2");
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

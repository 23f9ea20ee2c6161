// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.file;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static io.agentgovernance.ledger.sqlite.Ledgers.publicKey;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest {
  @TempDir Path folder;

  private SqliteLedger ledger;

  @BeforeEach
  void openLedger() {
    ledger = Ledgers.builder(folder).open();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void itIsDurableUnlessToldOtherwise() throws SQLException {
    assertThat(ledger.durability()).isEqualTo(Durability.DURABLE);
    try (var weaker =
        SqliteLedger.builder(folder.resolve("weaker.db"))
            .signingKey(Ledgers.key(folder))
            .processCrashOnly()
            .open()) {
      assertThat(weaker.durability()).isEqualTo(Durability.PROCESS_CRASH);
    }
    // FULL is 2 and NORMAL is 1: what stands between an acknowledgement and a power loss.
    assertThat(synchronous(Durability.DURABLE)).isEqualTo(2);
    assertThat(synchronous(Durability.PROCESS_CRASH)).isEqualTo(1);
  }

  private long synchronous(Durability durability) throws SQLException {
    var path = LedgerPath.toWrite(folder.resolve("other.db"));
    try (var connection = new Connections(path, durability, Probe.NONE).toWrite()) {
      assertThat(Connections.text(connection, "PRAGMA journal_mode")).isEqualTo("wal");
      assertThat(Connections.number(connection, "PRAGMA mmap_size")).isZero();
      assertThat(Connections.number(connection, "PRAGMA busy_timeout")).isEqualTo(5_000);
      assertThat(Connections.number(connection, "PRAGMA journal_size_limit")).isEqualTo(64 << 20);
      assertThat(Connections.number(connection, "PRAGMA foreign_keys")).isEqualTo(1);
      assertThat(Connections.number(connection, "PRAGMA trusted_schema")).isZero();
      return Connections.number(connection, "PRAGMA synchronous");
    }
  }

  @Test
  void closedItIsWholeAnchoredAndWithoutALog() {
    append(ledger, 1, 10);

    ledger.close();

    assertThat(Files.exists(Path.of(file(folder) + "-wal"))).isFalse();
    assertThat(SqliteLedger.verify(file(folder), publicKey(folder)))
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isEqualTo(10));
  }

  @Test
  void verifyingItselfItIsOkWithoutWaitingForAnAnchor() {
    append(ledger, 1, 3);

    assertThat(ledger.verify()).isInstanceOf(Ok.class);
  }

  @Test
  void itIsVerifiedByOthersWhileItIsWritten() {
    append(ledger, 1, 3);

    assertThat(SqliteLedger.verify(file(folder), publicKey(folder)))
        .isEqualTo(new Verification.UnanchoredTail(3));
  }

  @Test
  void whatDependsOnAnAcknowledgementMayAppendAgain() {
    var second = ledger.append(note("first")).thenCompose(receipt -> ledger.append(note("second")));

    assertThat(Ledgers.settle(second).sequence()).isEqualTo(2);
  }

  @Test
  void verifyingLeavesTheFileAsItWas() throws Exception {
    append(ledger, 1, 3);
    ledger.close();
    byte[] before = Files.readAllBytes(file(folder));

    assertThat(SqliteLedger.verify(file(folder), publicKey(folder))).isInstanceOf(Ok.class);

    assertThat(Files.readAllBytes(file(folder))).isEqualTo(before);
  }

  @Test
  void whatIsNoLedgerIsUnreadable() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(5_000));

    assertThat(SqliteLedger.verify(text)).isInstanceOf(Verification.Unreadable.class);
    assertThat(SqliteLedger.verify(folder.resolve("missing")))
        .isInstanceOf(Verification.Unreadable.class);
    assertThat(SqliteLedger.verify(folder)).isInstanceOf(Verification.Unreadable.class);
  }
}

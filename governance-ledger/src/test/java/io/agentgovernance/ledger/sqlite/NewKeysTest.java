// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.payload.Payload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewKeysTest {
  @TempDir Path folder;

  private Connection connection;

  @BeforeEach
  void aLedgerWithEntriesOfOneRun() throws SQLException {
    try (var ledger = Ledgers.builder(folder).open()) {
      Ledgers.append(ledger, 1, 3);
    }
    connection = Ledgers.raw(Ledgers.file(folder));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static LedgerDraft draft(String run, String key) {
    return LedgerDraft.of(
        Ledgers.TENANT, RunId.parse(run), "NOTE", Ledgers.AT, key, Payload.text("note"));
  }

  @Test
  void ofARunThatHadNoEntriesEveryOtherKeyIsNew() throws SQLException {
    try (var keys = new NewKeys(connection, List.of())) {
      for (int i = 0; i < 10_000; i++) {
        assertThat(keys.isNew(draft("another-run", "k" + i))).as("k%d", i).isTrue();
        keys.add(draft("another-run", "k" + i));
      }
    }
  }

  @Test
  void aKeyThatWasSeenIsNever() throws SQLException {
    try (var keys = new NewKeys(connection, List.of())) {
      for (int i = 0; i < 10_000; i++) {
        keys.add(draft("another-run", "k" + i));
      }
      for (int i = 0; i < 10_000; i++) {
        assertThat(keys.isNew(draft("another-run", "k" + i))).as("k%d", i).isFalse();
      }
    }
  }

  @Test
  void ofARunWithEarlierEntriesNothingIsKnown() throws SQLException {
    try (var keys = new NewKeys(connection, List.of("one-not-in-the-index"))) {
      assertThat(keys.isNew(draft(Ledgers.RUN.value(), "unheard-of"))).isFalse();
      assertThat(keys.isNew(draft("one-not-in-the-index", "unheard-of"))).isFalse();
    }
  }
}

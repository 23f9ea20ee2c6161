// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerHash;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;

/**
 * What a ledger without group commit does: each entry in a transaction of its own, in the table,
 * with the triggers, hashes and settings of ours. It keeps no index and asks for no key, which
 * would make it slower. Producers take turns.
 */
final class OneCommitPerEntry implements AutoCloseable {

  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement insert;
  private final PreparedStatement commit;
  private final LedgerHash hasher = new LedgerHash();
  private byte[] last;
  private long sequence;

  /** Opens a ledger's file, which has to be empty. */
  OneCommitPerEntry(Path ledger) throws SQLException {
    var properties = new Properties();
    properties.setProperty("jdbc.get_generated_keys", "false"); // as ours
    connection = DriverManager.getConnection("jdbc:sqlite:" + ledger, properties);
    for (var pragma :
        new String[] {
          "journal_mode=WAL", "synchronous=FULL", "mmap_size=0", "journal_size_limit=67108864"
        }) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA " + pragma);
      }
    }
    begin = connection.prepareStatement("BEGIN IMMEDIATE");
    insert =
        connection.prepareStatement(
            "INSERT INTO entry (seq, at_second, at_nano, tenant, run, agent, type, schema, idem,"
                + " body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    commit = connection.prepareStatement("COMMIT");
    last = LedgerHash.GENESIS.bytes();
  }

  synchronized void append(LedgerDraft draft) throws SQLException {
    var at = draft.at();
    var body = draft.body().json().getBytes(UTF_8);
    var hash =
        hasher.hash(
            LedgerHash.SCHEMA,
            last,
            sequence + 1,
            at,
            draft.tenant().value(),
            draft.run().value(),
            null,
            draft.type(),
            draft.idempotencyKey(),
            body);
    begin.executeUpdate();
    insert.setLong(1, sequence + 1);
    insert.setLong(2, at.getEpochSecond());
    insert.setInt(3, at.getNano());
    insert.setString(4, draft.tenant().value());
    insert.setString(5, draft.run().value());
    insert.setString(6, null);
    insert.setString(7, draft.type());
    insert.setInt(8, LedgerHash.SCHEMA);
    insert.setString(9, draft.idempotencyKey());
    insert.setBytes(10, body);
    insert.setBytes(11, last);
    insert.setBytes(12, hash);
    insert.executeUpdate();
    commit.executeUpdate();
    last = hash;
    sequence++;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

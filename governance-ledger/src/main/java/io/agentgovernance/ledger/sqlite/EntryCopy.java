// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.payload.Digest;
import io.agentgovernance.secret.Log;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Copies the entries of a file of version 1 into the table of version 2, beside the one they are
 * in, in portions: each is a transaction, so that the write-ahead log stays small, and a process
 * that dies in it loses one. Until the tables are exchanged the file is what it was, and is read as
 * that. For the one connection that writes.
 */
final class EntryCopy {
  /** How many entries a portion has. */
  static final int PORTION = 4_096;

  /** The table of version 2, until it is in its place. */
  static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS entry_2 (
        seq INTEGER PRIMARY KEY,
        at_second INTEGER NOT NULL,
        at_nano INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        run TEXT NOT NULL,
        agent TEXT,
        type TEXT NOT NULL,
        schema INTEGER NOT NULL,
        idem TEXT NOT NULL,
        body BLOB NOT NULL,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL
      ) STRICT""";

  private static final Log log = Log.of(EntryCopy.class);

  private static final String COPY =
      "INSERT INTO entry_2 SELECT "
          + Entries.COLUMNS
          + " FROM entry NOT INDEXED"
          + " WHERE seq > (SELECT coalesce(max(seq), -9223372036854775808) FROM entry_2)"
          + " ORDER BY seq LIMIT "
          + PORTION;

  private static final String LAST_COPIED =
      "SELECT lower(hex(hash)) FROM entry_2 ORDER BY seq DESC LIMIT 1";

  private static final String ITS_ORIGINAL =
      "SELECT lower(hex(hash)) FROM entry WHERE seq = (SELECT max(seq) FROM entry_2)";

  private EntryCopy() {}

  /** Copies what is not copied yet. */
  static void run(Connection connection, LedgerPath path, Probe probe) throws SQLException {
    log.info("ledger {}: is of version 1, and its entries are copied in portions", path);
    int copied;
    do {
      probe.step("COPY");
      Connections.execute(connection, "BEGIN IMMEDIATE");
      try (var statement = connection.createStatement()) {
        statement.executeUpdate(CREATE);
        if (!fits(connection)) {
          log.warn("ledger {}: an earlier copy is of other entries, and is made anew", path);
          statement.executeUpdate("DROP TABLE entry_2");
          statement.executeUpdate(CREATE);
        }
        copied = statement.executeUpdate(COPY);
        Connections.execute(connection, "COMMIT");
      } catch (SQLException | RuntimeException e) {
        LedgerSchema.rollBack(connection);
        throw e;
      }
    } while (copied == PORTION);
    probe.step("COPIED");
  }

  /** Whether the copy is of the entries that are there: the file may be a restored one. */
  private static boolean fits(Connection connection) throws SQLException {
    Digest copied = digest(connection, LAST_COPIED);
    return copied == null || copied.equals(digest(connection, ITS_ORIGINAL));
  }

  private static @Nullable Digest digest(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      return row.next() ? Digest.parse(row.getString(1)) : null;
    }
  }

  /**
   * Within the transaction in which the tables are exchanged, makes sure that nothing is missing.
   *
   * @throws SQLException if something is
   */
  static void check(Connection connection) throws SQLException {
    long entries = Connections.number(connection, "SELECT count(*) FROM entry NOT INDEXED");
    long copied = Connections.number(connection, "SELECT count(*) FROM entry_2");
    if (entries != copied || !fits(connection)) {
      throw new SQLException(
          "of %d entries %d were copied; the file was changed meanwhile, open it again"
              .formatted(entries, copied));
    }
  }
}

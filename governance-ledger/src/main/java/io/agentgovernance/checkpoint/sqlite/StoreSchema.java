// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.sqlite.LocalFile;
import io.agentgovernance.internal.sqlite.ProcessLock;
import io.agentgovernance.internal.sqlite.Sqlite;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The tables of a checkpoint store, and how older ones become today's. */
final class StoreSchema {
  /** Marks the file as a checkpoint store of this library: "AGCP". */
  static final int APPLICATION_ID = 0x41474350;

  /** Step n makes version n + 1 out of version n. Steps are only ever added. */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE schema_version (
                version INTEGER PRIMARY KEY,
                at TEXT NOT NULL
              ) STRICT""",
              """
              CREATE TABLE run (
                no INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                epoch INTEGER NOT NULL,
                started INTEGER NOT NULL,
                ended INTEGER NOT NULL DEFAULT 0,
                marked INTEGER NOT NULL DEFAULT 0
              ) STRICT""",
              "CREATE INDEX run_unfinished ON run (no) WHERE ended = 0",
              "CREATE INDEX run_ended ON run (ended, no) WHERE ended <> 0",
              """
              CREATE TABLE delta (
                key INTEGER PRIMARY KEY,
                body BLOB NOT NULL
              ) STRICT"""));

  static final int VERSION = STEPS.size();

  private StoreSchema() {}

  /**
   * Brings a file that was opened for writing up to date.
   *
   * @throws BadInputException if it is no checkpoint store, or of a version not known here
   */
  static void migrate(Connection connection, Path file, Instant now) throws SQLException {
    long application = Sqlite.number(connection, "PRAGMA application_id");
    long tables = Sqlite.number(connection, "SELECT count(*) FROM sqlite_schema");
    if (application != APPLICATION_ID && (application != 0 || tables != 0)) {
      throw new BadInputException(
          "path of a checkpoint store",
          "'" + file + "', a database of something else",
          "a checkpoint store, or a file that does not exist yet",
          "Name another file");
    }
    Sqlite.execute(connection, "BEGIN IMMEDIATE");
    try {
      int version = version(connection);
      if (version > VERSION) {
        throw new BadInputException(
            "path of a checkpoint store",
            "'%s' of schema version %d".formatted(file, version),
            "version 1 to " + VERSION,
            "Use the version of governance-ledger that wrote it, or a newer one");
      }
      for (int step = version; step < VERSION; step++) {
        Sqlite.execute(connection, STEPS.get(step));
        note(connection, step + 1, now);
      }
      if (version == 0) {
        Sqlite.execute(connection, "PRAGMA application_id=" + APPLICATION_ID);
      }
      Sqlite.execute(connection, "COMMIT");
    } catch (SQLException | RuntimeException e) {
      Sqlite.rollBack(connection);
      throw e;
    }
    if (tables == 0) {
      // Now, so that the tables never depend on a write-ahead log that gets lost.
      Sqlite.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      ProcessLock.syncFolder(LocalFile.folder(file));
    }
  }

  private static int version(Connection connection) throws SQLException {
    boolean known =
        Sqlite.number(
                connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'")
            == 1;
    return known
        ? (int) Sqlite.number(connection, "SELECT coalesce(max(version), 0) FROM schema_version")
        : 0;
  }

  private static void note(Connection connection, int version, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement("INSERT INTO schema_version (version, at) VALUES (?, ?)")) {
      statement.setInt(1, version);
      statement.setString(2, now.toString());
      statement.executeUpdate();
    }
  }
}

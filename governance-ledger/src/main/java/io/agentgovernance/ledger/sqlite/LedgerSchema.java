// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.secret.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The tables of a ledger, and how older ones become today's. */
final class LedgerSchema {
  private static final Log log = Log.of(LedgerSchema.class);

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
              CREATE TABLE ledger (
                name TEXT PRIMARY KEY,
                value TEXT NOT NULL
              ) STRICT, WITHOUT ROWID""",
              """
              CREATE TABLE entry (
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
                hash BLOB NOT NULL,
                UNIQUE (tenant, run, idem)
              ) STRICT""",
              "CREATE INDEX entry_run ON entry (run)"),
          List.of(
              "DROP TRIGGER IF EXISTS entry_no_update",
              "DROP TRIGGER IF EXISTS entry_no_delete",
              "DROP TRIGGER IF EXISTS entry_next",
              EntryCopy.CREATE, // there already, with the entries, unless the file is new
              "DROP TABLE entry",
              "ALTER TABLE entry_2 RENAME TO entry",
              """
              CREATE TABLE entry_by_key (
                run TEXT NOT NULL,
                idem TEXT NOT NULL,
                tenant TEXT NOT NULL,
                seq INTEGER NOT NULL,
                PRIMARY KEY (run, idem, tenant)
              ) STRICT, WITHOUT ROWID""",
              """
              CREATE TABLE entry_by_run (
                run TEXT NOT NULL,
                seq INTEGER NOT NULL,
                PRIMARY KEY (run, seq)
              ) STRICT, WITHOUT ROWID""",
              "INSERT INTO ledger (name, value) VALUES ('indexed', '0')"));

  static final int VERSION = STEPS.size();

  /** Since this version keys and runs are found by tables of ours, before by SQLite's indexes. */
  static final int OWN_INDEX = 2;

  /**
   * By name. Whoever changes rows has to remove them first, and that shows: see {@link
   * #restoreTriggers}.
   */
  private static final Map<String, String> TRIGGERS =
      new TreeMap<>(
          Map.of(
              "entry_no_update",
              "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to: entries are never changed'); END",
              "entry_no_delete",
              "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to: entries are never removed'); END",
              "entry_next",
              "CREATE TRIGGER entry_next BEFORE INSERT ON entry WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry) BEGIN SELECT RAISE(ABORT, 'a ledger is only appended to: sequences have no gaps'); END"));

  private LedgerSchema() {}

  /**
   * What a ledger is, beside its entries.
   *
   * @param id its name, for ever
   * @param epoch how often it was opened for writing, at least
   */
  record Identity(String id, long epoch) {}

  /**
   * Which ledger a file that can be read is, and how it was written.
   *
   * @param id the ledger's id
   * @param version the version of its tables, not above {@link #VERSION}
   */
  record Origin(String id, int version) {}

  /**
   * Brings a file that was opened for writing up to date. What takes long is done in portions, and
   * goes on where a process died in it.
   *
   * @throws BadInputException if it is no ledger, or of a version not known here
   */
  static void migrate(Connection connection, LedgerPath path, Instant now, Probe probe)
      throws SQLException {
    long application = Connections.number(connection, "PRAGMA application_id");
    long tables = Connections.number(connection, "SELECT count(*) FROM sqlite_schema");
    if (application != Connections.APPLICATION_ID && (application != 0 || tables != 0)) {
      throw noLedger(path);
    }
    if (version(connection) == 1) {
      EntryCopy.run(connection, path, probe);
    }
    Connections.execute(connection, "BEGIN IMMEDIATE");
    try {
      int version = version(connection);
      if (version > VERSION) {
        throw newer(path, version);
      }
      if (version > 0) {
        reportTriggers(connection, path);
      }
      if (version == 1) {
        EntryCopy.check(connection);
      }
      for (int step = version; step < VERSION; step++) {
        Connections.execute(connection, STEPS.get(step));
        put(
            connection,
            "INSERT INTO schema_version (version, at) VALUES (?, ?)",
            step + 1,
            now.toString());
      }
      if (version == 0) {
        put(
            connection,
            "INSERT INTO ledger (name, value) VALUES (?, ?)",
            "id",
            RunId.random().value());
        put(connection, "INSERT INTO ledger (name, value) VALUES (?, ?)", "epoch", "0");
        Connections.execute(connection, "PRAGMA application_id=" + Connections.APPLICATION_ID);
      }
      restoreTriggers(connection);
      Connections.execute(connection, "COMMIT");
    } catch (SQLException | RuntimeException e) {
      rollBack(connection);
      throw e;
    }
    EntryIndex.bringUp(connection, path, probe);
    if (tables == 0) {
      // Now, so that the tables never depend on a write-ahead log that gets lost.
      Connections.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      LedgerLock.syncFolder(path.folder());
    }
  }

  /** Checks that a file is a ledger that can be read here, of this version or an older one. */
  static Origin checkReadable(Connection connection, LedgerPath path) throws SQLException {
    if (Connections.number(connection, "PRAGMA application_id") != Connections.APPLICATION_ID) {
      throw noLedger(path);
    }
    int version = version(connection);
    if (version < 1 || version > VERSION) {
      throw newer(path, version);
    }
    return new Origin(
        Connections.text(connection, "SELECT value FROM ledger WHERE name = 'id'"), version);
  }

  /** Counts an opening for writing. */
  static Identity opened(Connection connection, long anchoredEpoch) throws SQLException {
    String id = Connections.text(connection, "SELECT value FROM ledger WHERE name = 'id'");
    long before =
        Connections.number(
            connection, "SELECT CAST(value AS INTEGER) FROM ledger WHERE name = 'epoch'");
    long epoch = Math.max(before, anchoredEpoch) + 1;
    put(connection, "UPDATE ledger SET value = ? WHERE name = ?", String.valueOf(epoch), "epoch");
    return new Identity(id, epoch);
  }

  private static int version(Connection connection) throws SQLException {
    boolean known =
        Connections.number(
                connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'")
            == 1;
    return known
        ? (int)
            Connections.number(connection, "SELECT coalesce(max(version), 0) FROM schema_version")
        : 0;
  }

  private static void reportTriggers(Connection connection, LedgerPath path) throws SQLException {
    for (String name : missingTriggers(connection)) {
      log.warn(
          "ledger {}: trigger {} was missing or changed, and is restored. Somebody may have changed entries: verify the ledger.",
          path,
          name);
    }
  }

  private static void restoreTriggers(Connection connection) throws SQLException {
    for (String name : missingTriggers(connection)) {
      Connections.execute(
          connection,
          List.of("DROP TRIGGER IF EXISTS " + name, requireNonNull(TRIGGERS.get(name), name)));
    }
  }

  private static List<String> missingTriggers(Connection connection) throws SQLException {
    var missing = new ArrayList<String>();
    try (var query =
        connection.prepareStatement(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name = ? AND sql = ?")) {
      for (var trigger : TRIGGERS.entrySet()) {
        query.setString(1, trigger.getKey());
        query.setString(2, trigger.getValue());
        try (var result = query.executeQuery()) {
          if (!result.next() || result.getInt(1) != 1) {
            missing.add(trigger.getKey());
          }
        }
      }
    }
    return missing;
  }

  private static void put(Connection connection, String sql, Object first, Object second)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, first);
      statement.setObject(2, second);
      statement.executeUpdate();
    }
  }

  static void rollBack(Connection connection) {
    try {
      Connections.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // SQLite rolls back by itself after some failures, and then has nothing to roll back.
    }
  }

  private static BadInputException noLedger(LedgerPath path) {
    return new BadInputException(
        "path of a ledger",
        "'" + path + "', a database of something else",
        "a ledger, or a file that does not exist yet",
        "Name another file");
  }

  private static BadInputException newer(LedgerPath path, int version) {
    return new BadInputException(
        "path of a ledger",
        "'%s' of schema version %d".formatted(path, version),
        "version 1 to " + VERSION,
        version > VERSION
            ? "Use the version of governance-ledger that wrote it, or a newer one"
            : "Open it for writing once, which brings it up to date");
  }
}

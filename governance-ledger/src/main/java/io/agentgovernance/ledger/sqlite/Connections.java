// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Opens connections to one ledger. Thread safe. */
final class Connections {
  /** Marks the file as a ledger of this library: "AGLG". */
  static final int APPLICATION_ID = 0x41474c47;

  static final int BUSY_MILLIS = 5_000;
  static final int KEPT_LOG_BYTES = 64 * 1024 * 1024;

  private final LedgerPath path;
  private final Durability durability;
  private final Probe probe;

  Connections(LedgerPath path, Durability durability, Probe probe) {
    this.path = path;
    this.durability = durability;
    this.probe = probe;
  }

  /** Opens the connection that writes, and creates the file if there is none. */
  Connection toWrite() throws SQLException {
    Connection connection = open("jdbc:sqlite:" + path.file(), new SQLiteConfig());
    try {
      SqliteVersion.check(text(connection, "SELECT sqlite_version()"));
      String mode = text(connection, "PRAGMA journal_mode=WAL");
      if (!mode.equals("wal")) {
        throw new SQLException(
            "the journal mode stayed '%s', expected 'wal'; this file system may not share memory"
                .formatted(mode));
      }
      execute(
          connection,
          List.of(
              "PRAGMA synchronous=" + (durability == Durability.DURABLE ? "FULL" : "NORMAL"),
              // On macOS a plain fsync stops at the disk's cache; no effect elsewhere.
              "PRAGMA fullfsync=ON",
              "PRAGMA checkpoint_fullfsync=ON",
              "PRAGMA journal_size_limit=" + KEPT_LOG_BYTES,
              "PRAGMA foreign_keys=ON",
              "PRAGMA recursive_triggers=ON"));
      probe.opened(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** Opens a connection that only reads. */
  Connection toRead() throws SQLException {
    return toRead(path);
  }

  /**
   * Opens a connection that only reads a ledger, also one nobody has open, also on a read-only
   * medium.
   */
  static Connection toRead(LedgerPath path) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    Connection connection = open(url(path), config);
    try {
      SqliteVersion.check(text(connection, "SELECT sqlite_version()"));
      execute(connection, List.of("PRAGMA cell_size_check=ON"));
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static String url(LedgerPath path) throws SQLException {
    try {
      boolean complete = !Files.exists(path.log()) || Files.size(path.log()) == 0;
      if (complete && !Files.isWritable(path.folder())) {
        // SQLite could not make its shared memory here, and nobody can write either.
        return immutable(path);
      }
    } catch (IOException e) {
      throw new SQLException("the write-ahead log cannot be looked at: " + e, e);
    }
    return "jdbc:sqlite:" + path.file();
  }

  /**
   * Names a file that nobody changes, so that SQLite neither locks it nor puts anything beside it.
   */
  static String immutable(LedgerPath path) {
    return "jdbc:sqlite:file:" + path.file().toUri().getRawPath() + "?immutable=1";
  }

  private static Connection open(String url, SQLiteConfig config) throws SQLException {
    config.setBusyTimeout(BUSY_MILLIS);
    Connection connection;
    try {
      connection = config.createConnection(url);
    } catch (LinkageError e) {
      throw new SQLException(
          "SQLite's native library could not be loaded; if the folder for temporary files allows no programs, set -Dorg.sqlite.tmpdir=<folder>",
          e);
    }
    try {
      execute(connection, List.of("PRAGMA mmap_size=0", "PRAGMA trusted_schema=OFF"));
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    execute(connection, List.of(sql));
  }

  /** Returns the first column of the first row. */
  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      String value = result.next() ? result.getString(1) : null;
      if (value == null) {
        throw new SQLException("no answer to: " + sql);
      }
      return value;
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new SQLException("no answer to: " + sql);
      }
      return result.getLong(1);
    }
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // What was acknowledged is durable; there is nothing left to save.
    }
  }
}

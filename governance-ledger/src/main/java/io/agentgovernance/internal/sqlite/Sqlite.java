// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sqlite.SQLiteConfig;

/** Connections to SQLite as this library wants them. Thread safe. */
public final class Sqlite {
  private static final int[] OLDEST = {3, 51, 3};
  private static final Pattern VERSION =
      Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4}).*");

  /** How long a connection waits for another. */
  public static final int BUSY_MILLIS = 5_000;

  /** How large a write-ahead log stays after it was large. */
  public static final int KEPT_LOG_BYTES = 64 * 1024 * 1024;

  private Sqlite() {}

  /** What a commit waits for. */
  public enum Sync {
    /** Stable storage. */
    FULL,
    /** The operating system. */
    NORMAL
  }

  /**
   * Says what is wrong with a version of SQLite: older ones may reset a write-ahead log wrongly.
   *
   * @param found what {@code sqlite_version()} answered
   * @return empty if it is new enough
   */
  public static Optional<String> tooOld(String found) {
    var version = VERSION.matcher(found);
    for (int i = 0; i < OLDEST.length; i++) {
      int part = version.matches() ? Integer.parseInt(version.group(i + 1)) : -1;
      if (part > OLDEST[i]) {
        return Optional.empty();
      }
      if (part < OLDEST[i]) {
        return Optional.of(
            "SQLite: found version %s, expected 3.51.3 or newer, because older ones can lose what was committed. Set the Maven property sqlite-jdbc.version to 3.54.1.0 if Spring Boot manages org.xerial:sqlite-jdbc, or import governance-bom's version of it."
                .formatted(found));
      }
    }
    return Optional.empty();
  }

  /** Opens a connection that writes, in WAL mode, and makes the file if there is none. */
  public static Connection toWrite(Path file, Sync sync) throws SQLException {
    Connection connection = connect("jdbc:sqlite:" + file, new SQLiteConfig());
    try {
      refuseOld(connection);
      prepareToWrite(connection, sync);
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  /** Opens a connection that only reads a file somebody has open for writing. */
  public static Connection toRead(Path file) throws SQLException {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    Connection connection = connect("jdbc:sqlite:" + file, config);
    try {
      refuseOld(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeQuietly(connection);
      throw e;
    }
  }

  private static void refuseOld(Connection connection) throws SQLException {
    Optional<String> old = tooOld(text(connection, "SELECT sqlite_version()"));
    if (old.isPresent()) {
      throw new SQLException(old.get());
    }
  }

  /** Makes a connection one that writes, in WAL mode. */
  public static void prepareToWrite(Connection connection, Sync sync) throws SQLException {
    String mode = text(connection, "PRAGMA journal_mode=WAL");
    if (!mode.equals("wal")) {
      throw new SQLException(
          "the journal mode stayed '%s', expected 'wal'; this file system may not share memory"
              .formatted(mode));
    }
    execute(
        connection,
        List.of(
            "PRAGMA synchronous=" + sync,
            // On macOS a plain fsync stops at the disk's cache; no effect elsewhere.
            "PRAGMA fullfsync=ON",
            "PRAGMA checkpoint_fullfsync=ON",
            "PRAGMA journal_size_limit=" + KEPT_LOG_BYTES,
            "PRAGMA foreign_keys=ON",
            "PRAGMA recursive_triggers=ON"));
  }

  /** Opens a connection of any kind. */
  public static Connection connect(String url, SQLiteConfig config) throws SQLException {
    config.setBusyTimeout(BUSY_MILLIS);
    // Else each INSERT is followed by a query for a key that nobody asks for.
    config.setGetGeneratedKeys(false);
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

  /** Executes statements that give no rows. */
  public static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Executes a statement that gives no rows. */
  public static void execute(Connection connection, String sql) throws SQLException {
    execute(connection, List.of(sql));
  }

  /** Returns the first column of the first row. */
  public static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      String value = result.next() ? result.getString(1) : null;
      if (value == null) {
        throw new SQLException("no answer to: " + sql);
      }
      return value;
    }
  }

  /** Returns the first column of the first row, as a number. */
  public static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new SQLException("no answer to: " + sql);
      }
      return result.getLong(1);
    }
  }

  /** Ends a transaction without its changes; quietly, since some failures end it by themselves. */
  public static void rollBack(Connection connection) {
    try {
      execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      // There was nothing left to roll back.
    }
  }

  /** Closes; what was acknowledged is durable, so there is nothing left to save. */
  public static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Nothing depends on it any more.
    }
  }
}

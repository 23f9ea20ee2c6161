// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.ledger.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Opens connections to one ledger. Thread safe. */
final class Connections {
  /** Marks the file as a ledger of this library: "AGLG". */
  static final int APPLICATION_ID = 0x41474c47;

  static final int BUSY_MILLIS = Sqlite.BUSY_MILLIS;
  static final int KEPT_LOG_BYTES = Sqlite.KEPT_LOG_BYTES;

  private static final int CACHE_KIB = 16 * 1024;

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
    Connection connection = Sqlite.connect("jdbc:sqlite:" + path.file(), new SQLiteConfig());
    try {
      SqliteVersion.check(text(connection, "SELECT sqlite_version()"));
      boolean durable = durability == Durability.DURABLE;
      Sqlite.prepareToWrite(connection, durable ? Sqlite.Sync.FULL : Sqlite.Sync.NORMAL);
      // For the pages of the index, which are read to see whether a key is new.
      execute(connection, "PRAGMA cache_size=-" + CACHE_KIB);
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
    Connection connection = Sqlite.connect(url(path), config);
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

  static void execute(Connection connection, List<String> statements) throws SQLException {
    Sqlite.execute(connection, statements);
  }

  static void execute(Connection connection, String sql) throws SQLException {
    Sqlite.execute(connection, sql);
  }

  /** Returns the first column of the first row. */
  static String text(Connection connection, String sql) throws SQLException {
    return Sqlite.text(connection, sql);
  }

  static long number(Connection connection, String sql) throws SQLException {
    return Sqlite.number(connection, sql);
  }

  static void closeQuietly(AutoCloseable closeable) {
    Sqlite.closeQuietly(closeable);
  }
}

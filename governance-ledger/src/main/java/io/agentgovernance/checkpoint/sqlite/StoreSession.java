// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.sqlite.Sqlite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one connection that writes, and its statements. For the writer's thread only. */
final class StoreSession implements AutoCloseable {
  private static final String ROW =
      "SELECT no, epoch, ended, marked,"
          + " (SELECT coalesce(max(key), r.no << 32) FROM delta"
          + " WHERE key > r.no << 32 AND key < (r.no + 1) << 32) - (r.no << 32)"
          + " FROM run r WHERE id = ?";

  private static final int MAX_KNOWN = 1_024;

  private final Connection connection;
  private final StoreSettings settings;
  private final List<PreparedStatement> statements = new ArrayList<>();
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement row;
  private final PreparedStatement start;
  private final PreparedStatement change;
  private final PreparedStatement remove;
  private final PreparedStatement insert;
  private final PreparedStatement cut;

  /**
   * Live runs as they are within the transaction, those used last: nobody else writes the file
   * while it is open here. After a failure another session begins, with none.
   */
  private final Map<RunId, RunRow> live =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RunId, RunRow> eldest) {
          return size() > MAX_KNOWN;
        }
      };

  private long ended;

  StoreSession(Connection connection, StoreSettings settings) throws SQLException {
    this.connection = connection;
    this.settings = settings;
    this.begin = prepared("BEGIN IMMEDIATE");
    this.commit = prepared("COMMIT");
    this.row = prepared(ROW);
    this.start = prepared("INSERT INTO run (id, epoch, started) VALUES (?, 1, ?)");
    this.change = prepared("UPDATE run SET epoch = ?, ended = ?, marked = ? WHERE no = ?");
    this.remove = prepared("DELETE FROM run WHERE no = ?");
    this.insert = prepared("INSERT INTO delta (key, body) VALUES (?, ?)");
    this.cut = prepared("DELETE FROM delta WHERE key > ? AND key <= ?");
    this.ended = Sqlite.number(connection, "SELECT count(*) FROM run WHERE ended <> 0");
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statements.add(statement);
    return statement;
  }

  void begin() throws SQLException {
    settings.probe().step("BEGIN");
    begin.executeUpdate();
  }

  void commit() throws SQLException {
    settings.probe().step("COMMIT");
    commit.executeUpdate();
    settings.probe().step("COMMITTED");
  }

  /** Returns what is stored about a run; null if there is none. */
  @Nullable RunRow row(RunId run) throws SQLException {
    settings.probe().step("ROW");
    RunRow known = live.get(run);
    if (known == null) {
      known = stored(run);
      if (known != null && !known.hasEnded()) {
        live.put(run, known);
      }
    }
    return known;
  }

  private @Nullable RunRow stored(RunId run) throws SQLException {
    row.setString(1, run.value());
    try (var result = row.executeQuery()) {
      return result.next()
          ? new RunRow(
              result.getLong(1),
              result.getLong(2),
              result.getLong(3),
              result.getLong(5),
              result.getLong(4))
          : null;
    }
  }

  /** Adds a run with epoch 1. */
  void start(RunId run) throws SQLException {
    start.setString(1, run.value());
    start.setLong(2, now());
    start.executeUpdate();
  }

  void setEpoch(RunId run, RunRow row, long epoch) throws SQLException {
    live.remove(run);
    change(row.no(), epoch, row.ended(), row.marked());
  }

  private void change(long no, long epoch, long ended, long marked) throws SQLException {
    change.setLong(1, epoch);
    change.setLong(2, ended);
    change.setLong(3, marked);
    change.setLong(4, no);
    change.executeUpdate();
  }

  /**
   * Adds deltas.
   *
   * @param markedOffset which of them is the last named point, beginning with 1; 0 for none
   */
  void append(RunId run, RunRow row, List<byte[]> bodies, int markedOffset) throws SQLException {
    live.remove(run);
    long key = row.base() + row.last();
    for (byte[] body : bodies) {
      settings.probe().step("INSERT");
      insert.setLong(1, ++key);
      insert.setBytes(2, body);
      insert.executeUpdate();
    }
    long marked = markedOffset > 0 ? row.last() + markedOffset : row.marked();
    if (marked != row.marked()) {
      change(row.no(), row.epoch(), row.ended(), marked);
    }
    if (!row.hasEnded()) {
      live.put(run, row.with(row.last() + bodies.size(), marked));
    }
  }

  void end(RunId run, RunRow row) throws SQLException {
    live.remove(run);
    change(row.no(), row.epoch(), Math.max(1, now()), row.marked());
    ended++;
  }

  /** Makes a run again what it was, where somebody was told that nothing happened. */
  void restore(RunId run, @Nullable RunRow before) throws SQLException {
    live.remove(run);
    RunRow now = stored(run);
    if (now == null) {
      return;
    }
    cut(now.base() + (before == null ? 0 : before.last()), now.base() + RunRow.MAX_POSITION);
    if (before == null) {
      remove(now.no());
    } else {
      change(before.no(), before.epoch(), before.ended(), before.marked());
    }
    ended = Sqlite.number(connection, "SELECT count(*) FROM run WHERE ended <> 0");
  }

  private void cut(long after, long upTo) throws SQLException {
    cut.setLong(1, after);
    cut.setLong(2, upTo);
    cut.executeUpdate();
  }

  private void remove(long no) throws SQLException {
    remove.setLong(1, no);
    remove.executeUpdate();
  }

  /**
   * Removes runs that ended and are too many or too old, the oldest first.
   *
   * @param limit how many at most
   * @return how many were removed
   */
  int prune(int limit) throws SQLException {
    int removed = 0;
    for (; removed < limit; removed++) {
      long oldest = oldestSurplus();
      if (oldest < 0) {
        break;
      }
      settings.probe().step("PRUNE");
      long base = oldest << RunRow.POSITION_BITS;
      cut(base, base + RunRow.MAX_POSITION);
      remove(oldest);
      ended--;
    }
    return removed;
  }

  private long oldestSurplus() throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT no, ended FROM run WHERE ended <> 0 ORDER BY ended, no LIMIT 1")) {
      if (!result.next()) {
        return -1;
      }
      var age = Duration.ofMillis(now() - result.getLong(2));
      boolean surplus = ended > settings.keepRuns() || age.compareTo(settings.keepFor()) > 0;
      return surplus ? result.getLong(1) : -1;
    }
  }

  private long now() {
    return settings.time().now().toEpochMilli();
  }

  void rollBack() {
    Sqlite.rollBack(connection);
  }

  /** Moves the write-ahead log into the file, as far as no reader needs it. */
  void checkpoint() throws SQLException {
    Sqlite.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Closes quietly. */
  @Override
  public void close() {
    statements.forEach(Sqlite::closeQuietly);
    Sqlite.closeQuietly(connection);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.secret.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds entries by their idempotency key and by their run. Its two tables follow the entries in
 * portions, sorted, because a key belongs to another page than the one before it: kept up with each
 * commit, they would be most of what a commit writes. Up to which entry they go is written in the
 * same transaction; the keys of the entries after that are in memory. For the writer's thread.
 */
final class EntryIndex implements AutoCloseable {
  /** How many entries it is behind before it follows. */
  static final int PORTION = 2_048;

  /** Reads up to which entry the tables go. */
  static final String INDEXED =
      "(SELECT CAST(value AS INTEGER) FROM ledger WHERE name = 'indexed')";

  private static final Log log = Log.of(EntryIndex.class);

  /** How many entries it may be behind when a ledger is opened, in portions. */
  private static final int LOADED_PORTIONS = 4;

  /** How many portions it follows in one transaction then. */
  private static final int OPENING_PORTIONS = 16;

  // Ignored are keys that are there already: no writer makes them, and verifying finds them.
  private static final String ADD_KEYS =
      "INSERT OR IGNORE INTO entry_by_key (run, idem, tenant, seq)"
          + " SELECT run, idem, tenant, seq FROM entry WHERE seq > ? AND seq <= ?"
          + " ORDER BY run, idem, tenant";
  private static final String ADD_RUNS =
      "INSERT OR IGNORE INTO entry_by_run (run, seq)"
          + " SELECT run, seq FROM entry WHERE seq > ? AND seq <= ? ORDER BY run, seq";
  private static final String SET_INDEXED = "UPDATE ledger SET value = ? WHERE name = 'indexed'";

  private final int portion;
  private final PreparedStatement find;
  private final PreparedStatement addKeys;
  private final PreparedStatement addRuns;
  private final PreparedStatement setIndexed;
  private final Map<Key, Long> recent = new HashMap<>();
  private final NewKeys newKeys;
  private long indexed;

  /** What is unique. */
  private record Key(String run, String idem, String tenant) {
    static Key of(LedgerDraft draft) {
      return new Key(draft.run().value(), draft.idempotencyKey(), draft.tenant().value());
    }
  }

  /** Reads the keys of the entries that the tables do not have yet. */
  EntryIndex(Connection connection, int portion) throws SQLException {
    this.portion = portion;
    this.find =
        connection.prepareStatement(
            "SELECT seq FROM entry_by_key WHERE run = ? AND idem = ? AND tenant = ?");
    this.addKeys = connection.prepareStatement(ADD_KEYS);
    this.addRuns = connection.prepareStatement(ADD_RUNS);
    this.setIndexed = connection.prepareStatement(SET_INDEXED);
    this.indexed = indexed(connection);
    try (var query =
        connection.prepareStatement("SELECT run, idem, tenant, seq FROM entry WHERE seq > ?")) {
      query.setLong(1, indexed);
      try (var row = query.executeQuery()) {
        while (row.next()) {
          recent.putIfAbsent(
              new Key(row.getString(1), row.getString(2), row.getString(3)), row.getLong(4));
        }
      }
    }
    this.newKeys =
        new NewKeys(connection, recent.keySet().stream().map(Key::run).distinct().toList());
  }

  private static long indexed(Connection connection) throws SQLException {
    return Connections.number(connection, "SELECT coalesce(" + INDEXED + ", 0)");
  }

  /**
   * Makes the tables ones a session can begin with: not far behind, and not ahead of entries that
   * somebody removed. Far behind they follow in portions, each a transaction.
   */
  static void bringUp(Connection connection, LedgerPath path, Probe probe) throws SQLException {
    while (true) {
      Connections.execute(connection, "BEGIN IMMEDIATE");
      try {
        boolean more = bringNearer(connection, path, probe);
        Connections.execute(connection, "COMMIT");
        if (!more) {
          return;
        }
      } catch (SQLException | RuntimeException e) {
        LedgerSchema.rollBack(connection);
        throw e;
      }
    }
  }

  private static boolean bringNearer(Connection connection, LedgerPath path, Probe probe)
      throws SQLException {
    long indexed = indexed(connection);
    long head = Entries.head(connection).sequence();
    if (indexed < 0 || indexed > head) {
      log.warn(
          "ledger {}: its index goes to entry {}, and its last entry is {}; the index is made anew. Verify the ledger.",
          path,
          indexed,
          head);
      Connections.execute(connection, "DELETE FROM entry_by_key");
      Connections.execute(connection, "DELETE FROM entry_by_run");
      indexed = 0;
    } else if (head - indexed <= (long) LOADED_PORTIONS * PORTION) {
      return false;
    }
    probe.step("FOLLOW");
    long upTo = Math.min(head, indexed + (long) OPENING_PORTIONS * PORTION);
    try (var keys = connection.prepareStatement(ADD_KEYS);
        var runs = connection.prepareStatement(ADD_RUNS);
        var set = connection.prepareStatement(SET_INDEXED)) {
      add(keys, runs, set, indexed, upTo);
    }
    return upTo < head;
  }

  private static void add(
      PreparedStatement keys, PreparedStatement runs, PreparedStatement set, long after, long upTo)
      throws SQLException {
    for (PreparedStatement statement : new PreparedStatement[] {keys, runs}) {
      statement.setLong(1, after);
      statement.setLong(2, upTo);
      statement.executeUpdate();
    }
    set.setString(1, Long.toString(upTo));
    set.executeUpdate();
  }

  /** Whether an entry that the tables do not have yet has a draft's key. */
  boolean hasRecent(LedgerDraft draft) {
    return recent.containsKey(Key.of(draft));
  }

  /** Whether no entry has a draft's key for certain, if no {@link #hasRecent recent} one has it. */
  boolean isNew(LedgerDraft draft) throws SQLException {
    return newKeys.isNew(draft);
  }

  /** Returns the sequence of the entry that has a draft's key. */
  long find(LedgerDraft draft) throws SQLException {
    Key key = Key.of(draft);
    Long known = recent.get(key);
    if (known != null) {
      return known;
    }
    find.setString(1, key.run());
    find.setString(2, key.idem());
    find.setString(3, key.tenant());
    try (var result = find.executeQuery()) {
      if (!result.next()) {
        throw new SQLException("an idempotency key is in the index, and is not found there");
      }
      return result.getLong(1);
    }
  }

  /** Takes notice of an entry that was inserted. */
  void inserted(LedgerDraft draft, long sequence) {
    recent.put(Key.of(draft), sequence);
    newKeys.add(draft);
  }

  /** Whether the tables should follow now. */
  boolean isDue(long head) {
    return head - indexed >= portion;
  }

  /** Has the tables follow, within a transaction. */
  void follow(long head) throws SQLException {
    if (head > indexed) {
      add(addKeys, addRuns, setIndexed, indexed, head);
      indexed = head;
      recent.clear();
    }
  }

  @Override
  public void close() {
    Connections.closeQuietly(find);
    Connections.closeQuietly(addKeys);
    Connections.closeQuietly(addRuns);
    Connections.closeQuietly(setIndexed);
    Connections.closeQuietly(newKeys);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Compares a table of {@link EntryIndex} with the entries, since queries rely on it: each row names
 * an entry that has what the row says, and there are as many rows as entries up to where the index
 * goes. Rows are unique, so none is missing then.
 */
enum IndexCheck {
  /** The keys. */
  KEYS(
      "entry_by_key",
      "entry.run IS NOT i.run OR entry.idem IS NOT i.idem OR entry.tenant IS NOT i.tenant"),
  /** The runs. */
  RUNS("entry_by_run", "entry.run IS NOT i.run");

  private static final String CACHE = "PRAGMA cache_size=-32768";

  private final String sql;
  private final String table;

  IndexCheck(String table, String differs) {
    this.table = table;
    this.sql =
        "SELECT count(*), coalesce(sum(%s OR i.seq > %s), 0) FROM %s i LEFT JOIN entry ON entry.seq = i.seq"
            .formatted(differs, EntryIndex.INDEXED, table);
  }

  /** Returns what is wrong with any of the tables, or null. */
  static @Nullable String all(Connection connection) throws SQLException {
    String problem = null;
    for (IndexCheck check : values()) {
      problem = problem == null ? check.problem(connection) : problem;
    }
    return problem;
  }

  /** Returns what is wrong, or null. */
  @Nullable String problem(Connection connection) throws SQLException {
    Connections.execute(connection, CACHE);
    // One statement, so that all of it is of the same moment.
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT *, coalesce(%s, -1), (SELECT coalesce(max(seq), 0) FROM entry) FROM (%s)"
                    .formatted(EntryIndex.INDEXED, sql))) {
      row.next();
      long rows = row.getLong(1);
      long wrong = row.getLong(2);
      long indexed = row.getLong(3);
      long head = row.getLong(4);
      return wrong == 0 && rows == indexed && indexed <= head
          ? null
          : "its index does not fit its entries: %s has %d rows for %d entries of %d, and %d that name another entry or none"
              .formatted(table, rows, indexed, head, wrong);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads entries. Identifiers in SQL are constants; what callers give is always a parameter. */
final class Entries {
  static final String COLUMNS =
      "seq, at_second, at_nano, tenant, run, agent, type, schema, idem, body, prev, hash";

  /** Reads the last entry's place and hash. */
  static final String LAST = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1";

  private Entries() {}

  /** Returns the last entry's place and hash. */
  static Head head(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(LAST)) {
      return head(statement);
    }
  }

  /** As {@link #head(Connection)}, with a statement of {@link #LAST}. */
  static Head head(PreparedStatement last) throws SQLException {
    try (var result = last.executeQuery()) {
      return result.next() ? new Head(result.getLong(1), hash(result, 2)) : Head.EMPTY;
    }
  }

  /**
   * Returns one page.
   *
   * @param version of the tables
   */
  static LedgerPage page(Connection connection, int version, LedgerQuery query)
      throws SQLException {
    var parameters = new ArrayList<Object>();
    return page(connection, sql(version, query, parameters), parameters, query.limit());
  }

  /** Returns the query for one page and one entry more, with its parameters. */
  static String sql(int version, LedgerQuery query, List<Object> parameters) {
    String sql = select(version, query, parameters) + " ORDER BY 1 LIMIT ?";
    parameters.add(query.limit() + 1);
    return sql;
  }

  /** Returns the last matching entries, as many as a page has. */
  static List<LedgerEntry> last(Connection connection, int version, LedgerQuery query)
      throws SQLException {
    var parameters = new ArrayList<Object>();
    String sql = select(version, query, parameters) + " ORDER BY 1 DESC LIMIT ?";
    parameters.add(query.limit());
    var entries = new ArrayList<>(page(connection, sql, parameters, query.limit()).entries());
    Collections.reverse(entries);
    return List.copyOf(entries);
  }

  private static String select(int version, LedgerQuery query, List<Object> parameters) {
    RunId run = query.run();
    if (run == null || version < LedgerSchema.OWN_INDEX) {
      parameters.add(query.afterSequence());
      return "SELECT " + COLUMNS + " FROM entry WHERE seq > ?" + filters(query, parameters);
    }
    // What the index has, and what it does not have yet: one statement, so that both are of the
    // same moment. Both come in the order of the sequence, so that SQLite merges, and sorts
    // nothing.
    parameters.add(run.value());
    parameters.add(query.afterSequence());
    String indexed =
        "SELECT i."
            + COLUMNS.replace(", ", ", entry.")
            + " FROM entry_by_run i CROSS JOIN entry ON entry.seq = i.seq"
            + " WHERE i.run = ? AND i.seq > ? AND i.seq <= "
            + EntryIndex.INDEXED
            + filters(query, parameters);
    parameters.add(query.afterSequence());
    return indexed
        + " UNION ALL SELECT "
        + COLUMNS
        + " FROM entry WHERE seq > max(?, "
        + EntryIndex.INDEXED
        + ")"
        + filters(query, parameters);
  }

  private static String filters(LedgerQuery query, List<Object> parameters) {
    var where = new StringBuilder();
    RunId run = query.run();
    if (run != null) {
      where.append(" AND entry.run = ?");
      parameters.add(run.value());
    }
    TenantId tenant = query.tenant();
    if (tenant != null) {
      // The plus keeps SQLite from an index whose order is not that of the sequence.
      where.append(" AND +tenant = ?");
      parameters.add(tenant.value());
    }
    AgentId agent = query.agent();
    if (agent != null) {
      where.append(" AND agent = ?");
      parameters.add(agent.value());
    }
    String type = query.type();
    if (type != null) {
      where.append(" AND type = ?");
      parameters.add(type);
    }
    time(where, parameters, ">=", query.from());
    time(where, parameters, "<", query.to());
    return where.toString();
  }

  private static void time(
      StringBuilder where, List<Object> parameters, String operator, @Nullable Instant instant) {
    if (instant != null) {
      where.append(" AND (at_second, at_nano) ").append(operator).append(" (?, ?)");
      parameters.add(instant.getEpochSecond());
      parameters.add(instant.getNano());
    }
  }

  private static LedgerPage page(
      Connection connection, String sql, List<Object> parameters, int limit) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      var found = new ArrayList<LedgerEntry>();
      try (var result = statement.executeQuery()) {
        while (result.next()) {
          if (found.size() == limit) {
            return new LedgerPage(found, OptionalLong.of(found.get(limit - 1).sequence()));
          }
          found.add(read(result));
        }
      }
      return new LedgerPage(found, OptionalLong.empty());
    }
  }

  /** Returns an entry that was found in the index. */
  static LedgerEntry at(Connection connection, long sequence) throws SQLException {
    try (var statement =
        connection.prepareStatement("SELECT " + COLUMNS + " FROM entry WHERE seq = ?")) {
      statement.setLong(1, sequence);
      try (var result = statement.executeQuery()) {
        if (!result.next()) {
          throw new SQLException(
              "entry %d is in the index and not in the table".formatted(sequence));
        }
        return read(result);
      }
    }
  }

  /** Returns the stored hash of an entry, or null if there is no such entry. */
  static byte @Nullable [] hashOf(Connection connection, long sequence) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT hash FROM entry WHERE seq = ?")) {
      statement.setLong(1, sequence);
      try (var result = statement.executeQuery()) {
        return result.next() ? result.getBytes(1) : null;
      }
    }
  }

  private static LedgerEntry read(ResultSet row) throws SQLException {
    long sequence = row.getLong(1);
    try {
      String agent = row.getString(6);
      return new LedgerEntry(
          sequence,
          Instant.ofEpochSecond(row.getLong(2), row.getLong(3)),
          TenantId.parse(row.getString(4)),
          RunId.parse(row.getString(5)),
          agent == null ? null : AgentId.parse(agent),
          row.getString(7),
          row.getInt(8),
          row.getString(9),
          Payload.json(new String(row.getBytes(10), UTF_8)),
          hash(row, 11),
          hash(row, 12));
    } catch (RuntimeException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger: entry %d cannot be read, so it is not as it was written. Verify the ledger."
              .formatted(sequence),
          e);
    }
  }

  private static Digest hash(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    if (bytes == null || bytes.length != LedgerHash.BYTES) {
      throw new SQLException("a hash does not have " + LedgerHash.BYTES + " bytes");
    }
    return LedgerHash.digest(bytes);
  }
}

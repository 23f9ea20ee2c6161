// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerHash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Inserts entries whose keys are new, several with one statement: to execute one costs as much as
 * two rows do. For the writer's thread.
 */
final class NewEntries implements AutoCloseable {
  /** How many rows each statement has, as powers of two from one. */
  private static final int STATEMENTS = 4;

  private static final int COLUMNS = Entries.COLUMNS.split(",").length;

  private final Probe probe;
  private final List<PreparedStatement> statements = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  /** A draft with its place in the chain. */
  static final class Row {
    private final long sequence;
    private final Pending pending;
    private final byte[] previous;
    private final byte[] hash;

    /** Keeps the arrays, which nobody may change then. */
    Row(long sequence, Pending pending, byte[] previous, byte[] hash) {
      this.sequence = sequence;
      this.pending = pending;
      this.previous = previous;
      this.hash = hash;
    }
  }

  NewEntries(Connection connection, Probe probe) throws SQLException {
    this.probe = probe;
    String row = "(?" + ", ?".repeat(COLUMNS - 1) + ")";
    for (int i = 0; i < STATEMENTS; i++) {
      statements.add(
          connection.prepareStatement(
              "INSERT INTO entry ("
                  + Entries.COLUMNS
                  + ") VALUES "
                  + row
                  + (", " + row).repeat((1 << i) - 1)));
    }
  }

  /** Takes an entry, to be inserted with the next {@link #flush}. */
  void add(Row row) {
    rows.add(row);
  }

  /** Inserts what was added, in its order. */
  void flush() throws SQLException {
    int at = 0;
    for (int power = STATEMENTS - 1; power >= 0; power--) {
      for (int size = 1 << power; rows.size() - at >= size; at += size) {
        PreparedStatement statement = statements.get(power);
        for (int i = 0; i < size; i++) {
          set(statement, i * COLUMNS, rows.get(at + i));
        }
        probe.step("INSERT");
        statement.executeUpdate();
      }
    }
    rows.clear();
  }

  /** Sets the columns of one row, of which the first is the parameter after {@code before}. */
  static void set(PreparedStatement insert, int before, Row row) throws SQLException {
    LedgerDraft draft = row.pending.draft();
    AgentId agent = draft.agent();
    Instant time = draft.at();
    int at = before;
    insert.setLong(++at, row.sequence);
    insert.setLong(++at, time.getEpochSecond());
    insert.setInt(++at, time.getNano());
    insert.setString(++at, draft.tenant().value());
    insert.setString(++at, draft.run().value());
    insert.setString(++at, agent == null ? null : agent.value());
    insert.setString(++at, draft.type());
    insert.setInt(++at, LedgerHash.SCHEMA);
    insert.setString(++at, draft.idempotencyKey());
    insert.setBytes(++at, row.pending.body());
    insert.setBytes(++at, row.previous);
    insert.setBytes(++at, row.hash);
  }

  @Override
  public void close() {
    statements.forEach(Connections::closeQuietly);
  }
}

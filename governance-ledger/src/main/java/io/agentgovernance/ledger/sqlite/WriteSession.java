// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.payload.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The one connection that writes, and its statements. For the writer's thread only. */
final class WriteSession implements AutoCloseable {
  private static final String INSERT_UNLESS_THERE =
      "INSERT INTO entry ("
          + Entries.COLUMNS
          + ") SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE NOT EXISTS"
          + " (SELECT 1 FROM entry_by_key WHERE run = ?5 AND idem = ?9 AND tenant = ?4)";

  private static final int READERS_MILLIS = 100;

  private final Connection connection;
  private final Probe probe;
  private final PreparedStatement begin;
  private final PreparedStatement last;
  private final NewEntries newEntries;
  private final PreparedStatement insertUnlessThere;
  private final PreparedStatement commit;
  private final EntryIndex index;
  private final LedgerHash hasher = new LedgerHash();

  WriteSession(Connection connection, Probe probe) throws SQLException {
    this.connection = connection;
    this.probe = probe;
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.last = connection.prepareStatement(Entries.LAST);
    this.newEntries = new NewEntries(connection, probe);
    this.insertUnlessThere = connection.prepareStatement(INSERT_UNLESS_THERE);
    this.commit = connection.prepareStatement("COMMIT");
    this.index = new EntryIndex(connection, probe.indexPortion());
  }

  /** Starts a transaction and returns the end of the chain as the file has it. */
  Head begin() throws SQLException {
    probe.step("BEGIN");
    begin.executeUpdate();
    probe.step("HEAD");
    return Entries.head(last);
  }

  /**
   * Sets the answer of one draft and returns the end of the chain after it. It may be in the file
   * with the next {@link #flush} only.
   */
  Head append(Pending pending, Head head) throws SQLException {
    LedgerDraft draft = pending.draft();
    if (index.hasRecent(draft)) {
      repeated(pending);
      return head;
    }
    long sequence = head.sequence() + 1;
    byte[] previous = head.hash().bytes();
    byte[] hash = hash(draft, sequence, previous, pending.body());
    var row = new NewEntries.Row(sequence, pending, previous, hash);
    if (index.isNew(draft)) {
      newEntries.add(row);
    } else if (!insertedUnlessThere(row)) {
      repeated(pending);
      return head;
    }
    index.inserted(draft, sequence);
    Digest digest = LedgerHash.digest(hash);
    pending.written(new LedgerReceipt(sequence, digest));
    return new Head(sequence, digest);
  }

  private byte[] hash(LedgerDraft draft, long sequence, byte[] previous, byte[] body) {
    AgentId agent = draft.agent();
    return hasher.hash(
        LedgerHash.SCHEMA,
        previous,
        sequence,
        draft.at(),
        draft.tenant().value(),
        draft.run().value(),
        agent == null ? null : agent.value(),
        draft.type(),
        draft.idempotencyKey(),
        body);
  }

  private boolean insertedUnlessThere(NewEntries.Row row) throws SQLException {
    flush();
    NewEntries.set(insertUnlessThere, 0, row);
    probe.step("INSERT");
    return insertUnlessThere.executeUpdate() > 0;
  }

  /** Has everything in the file that was appended. */
  void flush() throws SQLException {
    newEntries.flush();
  }

  private void repeated(Pending pending) throws SQLException {
    flush();
    try {
      LedgerEntry first = Entries.at(connection, index.find(pending.draft()));
      if (first.repeatedBy(pending.draft())) {
        pending.written(first.receipt());
      } else {
        pending.refused(new LedgerConflictException(pending.draft(), first));
      }
    } catch (LedgerUnavailableException e) {
      // That entry was tampered with; the others of the batch are not to blame.
      pending.refused(e);
    }
  }

  /**
   * Has the index follow up to the end of the chain, if it is far behind.
   *
   * @return whether it was
   */
  boolean indexIfDue(Head head) throws SQLException {
    boolean due = index.isDue(head.sequence());
    if (due) {
      index(head);
    }
    return due;
  }

  /** Has the index follow up to the end of the chain. */
  void index(Head head) throws SQLException {
    probe.step("INDEX");
    index.follow(head.sequence());
  }

  void commit() throws SQLException {
    probe.step("COMMIT");
    commit.executeUpdate();
    probe.step("COMMITTED");
    probe.committed();
  }

  void rollBack() {
    LedgerSchema.rollBack(connection);
  }

  /**
   * Tries to empty the write-ahead log, which waits for readers for a fraction of a second.
   *
   * @return whether it is empty
   */
  boolean beginLogAgain() throws SQLException {
    Connections.execute(connection, "PRAGMA busy_timeout=" + READERS_MILLIS);
    try {
      // Answers 1 if a reader did not let it finish.
      return Connections.number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
    } finally {
      Connections.execute(connection, "PRAGMA busy_timeout=" + Connections.BUSY_MILLIS);
    }
  }

  /** Moves the write-ahead log into the file, as far as no reader needs it. */
  void checkpoint() throws SQLException {
    Connections.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** Closes quietly. */
  @Override
  public void close() {
    Connections.closeQuietly(index);
    Connections.closeQuietly(begin);
    Connections.closeQuietly(last);
    Connections.closeQuietly(newEntries);
    Connections.closeQuietly(insertUnlessThere);
    Connections.closeQuietly(commit);
    Connections.closeQuietly(connection);
  }
}

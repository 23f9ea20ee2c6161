// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.Verification.Tampered;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the chain, row by row, from the bytes as they are stored. Reads the table itself, not
 * its indexes, and in short transactions, so that a writer's log can be recycled meanwhile. Not
 * thread safe.
 */
final class ChainScan {
  private static final int PAGE = 20_000;
  private static final byte[] NOTHING = {};
  private static final int NANOS = 1_000_000_000;
  private static final String SQL =
      "SELECT "
          + Entries.COLUMNS
          + ", agent IS NULL FROM entry NOT INDEXED WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT "
          + PAGE;

  private final Connection connection;
  private final LedgerHash hasher = new LedgerHash();
  private long from = Long.MIN_VALUE;
  private long last;
  private byte[] lastHash = LedgerHash.GENESIS.bytes();

  ChainScan(Connection connection) {
    this.connection = connection;
  }

  /** Begins in the middle: takes this place and hash for granted. */
  ChainScan after(Head head) {
    from = head.sequence();
    last = head.sequence();
    lastHash = head.hash().bytes();
    return this;
  }

  /** Goes on to this sequence. Returns the first entry up to there that is not right, or null. */
  @Nullable Tampered to(long end) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      statement.setLong(2, end);
      int rows = PAGE;
      while (rows == PAGE) {
        statement.setLong(1, from);
        rows = 0;
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            Tampered found = check(row);
            if (found != null) {
              return found;
            }
            rows++;
          }
        }
      }
      return last == end ? null : new Tampered(last + 1, "the entry is missing");
    }
  }

  private @Nullable Tampered check(ResultSet row) throws SQLException {
    long sequence = row.getLong(1);
    if (sequence != last + 1) {
      return sequence > last
          ? new Tampered(last + 1, "the entry is missing; the next one is %d".formatted(sequence))
          : new Tampered(sequence, "found sequence %d, expected %d".formatted(sequence, last + 1));
    }
    byte[] previous = bytes(row, 11);
    byte[] stored = bytes(row, 12);
    if (!Arrays.equals(previous, lastHash)) {
      return new Tampered(
          sequence,
          "found previous hash %s, expected %s".formatted(prefix(previous), prefix(lastHash)));
    }
    long nano = row.getLong(3);
    long schema = row.getLong(8);
    if (nano < 0 || nano >= NANOS || schema != LedgerHash.SCHEMA) {
      return new Tampered(
          sequence, "found schema %d and %d ns, which no ledger writes".formatted(schema, nano));
    }
    byte[] hash =
        hasher.hash(
            (int) schema,
            lastHash,
            sequence,
            row.getLong(2),
            (int) nano,
            bytes(row, 4),
            bytes(row, 5),
            row.getInt(13) == 1 ? null : bytes(row, 6),
            bytes(row, 7),
            bytes(row, 9),
            bytes(row, 10));
    if (!Arrays.equals(hash, stored)) {
      return new Tampered(
          sequence, "its content has hash %s, expected %s".formatted(prefix(hash), prefix(stored)));
    }
    last = sequence;
    from = sequence;
    lastHash = hash;
    return null;
  }

  /** Returns the bytes as stored; none at all may come as null. */
  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? NOTHING : bytes;
  }

  private static String prefix(byte[] hash) {
    return hash.length == LedgerHash.BYTES
        ? LedgerHash.digest(hash).prefix()
        : "of %d bytes".formatted(hash.length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.LedgerHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an attacker does who has read the source code. */
final class Rewriting {
  private Rewriting() {}

  /** Changes an entry and gives it and all after it hashes that fit. */
  static void from(Path ledger, int sequence) throws SQLException {
    try (var connection = Ledgers.raw(ledger)) {
      connection.setAutoCommit(false);
      Connections.execute(
          connection,
          "UPDATE entry SET body = CAST('\"rewritten\"' AS BLOB) WHERE seq = " + sequence);
      rehash(connection, sequence);
      connection.commit();
    }
  }

  /** Appends an entry of which everything fits. */
  static void append(Path ledger) throws SQLException {
    try (var connection = Ledgers.raw(ledger)) {
      connection.setAutoCommit(false);
      Connections.execute(
          connection,
          List.of(
              "DROP TRIGGER entry_no_update",
              "INSERT INTO entry SELECT seq + 1, at_second, at_nano, tenant, run, agent, type, schema, 'forged', body, prev, hash FROM entry ORDER BY seq DESC LIMIT 1"));
      rehash(connection, (int) Entries.head(connection).sequence());
      connection.commit();
    }
  }

  private static void rehash(Connection connection, int from) throws SQLException {
    var hasher = new LedgerHash();
    byte[] previous = Entries.hashOf(connection, from - 1);
    long last = Entries.head(connection).sequence();
    for (long sequence = from; sequence <= last; sequence++) {
      byte[] hash;
      try (var query =
          connection.prepareStatement("SELECT " + Entries.COLUMNS + " FROM entry WHERE seq = ?")) {
        query.setLong(1, sequence);
        try (ResultSet row = query.executeQuery()) {
          row.next();
          hash =
              hasher.hash(
                  row.getInt(8),
                  previous,
                  sequence,
                  Instant.ofEpochSecond(row.getLong(2), row.getLong(3)),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6),
                  row.getString(7),
                  row.getString(9),
                  row.getBytes(10));
        }
      }
      try (var update =
          connection.prepareStatement("UPDATE entry SET prev = ?, hash = ? WHERE seq = ?")) {
        update.setBytes(1, previous);
        update.setBytes(2, hash);
        update.setLong(3, sequence);
        update.executeUpdate();
      }
      previous = hash;
    }
  }

  /** Replaces all anchors by ones of another key that fit the chain. */
  static void anchor(Path ledger, AnchorKey key) throws Exception {
    Path file = Path.of(ledger + ".anchors");
    var old = FileAnchorSink.read(file);
    var fresh = new ArrayList<Anchor>();
    try (var connection = Ledgers.raw(ledger)) {
      for (Anchor anchor : old) {
        byte[] hash = Entries.hashOf(connection, anchor.sequence());
        fresh.add(
            key.sign(
                Anchor.of(
                    anchor.ledgerId(),
                    anchor.sequence(),
                    LedgerHash.digest(hash),
                    anchor.at(),
                    anchor.epoch())));
      }
    }
    Files.writeString(file, "", UTF_8);
    try (var log = AnchorLog.open(file)) {
      for (Anchor anchor : fresh) {
        log.append(anchor);
      }
    }
  }
}

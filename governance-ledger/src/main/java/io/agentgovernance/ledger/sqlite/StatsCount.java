// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.Readers;
import io.agentgovernance.ledger.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts a ledger's file, in short transactions so that a writer is not held up. One instance
 * counts once.
 */
final class StatsCount {
  private static final long PART = 50_000;

  /** Runs that only have entries the index does not have yet. */
  private static final String RUNS_AFTER_INDEX =
      "SELECT count(DISTINCT run) FROM entry WHERE seq > "
          + EntryIndex.INDEXED
          + " AND NOT EXISTS (SELECT 1 FROM entry_by_run i WHERE i.run = entry.run)";

  private final LedgerPath path;
  private final LedgerSchema.Origin ledger;
  private final Readers readers;

  private long anchors;
  private @Nullable Anchor last;

  StatsCount(LedgerPath path, LedgerSchema.Origin ledger, Readers readers) {
    this.path = path;
    this.ledger = ledger;
    this.readers = readers;
  }

  LedgerStats run(LedgerProgress progress) throws SQLException, IOException {
    Head head = readers.read(Entries::head);
    var types = new TreeMap<String, Long>();
    for (long from = 0; from < head.sequence(); from += PART) {
      long start = from;
      readers.read(connection -> count(connection, start, head.sequence(), types));
      progress.at(Math.min(from + PART, head.sequence()), head.sequence());
    }
    AnchorLog.read(path.anchors(), (line, anchor) -> note(anchor));
    Anchor newest = last;
    return new LedgerStats(
        ledger.id(),
        ledger.version(),
        types.values().stream().mapToLong(Long::longValue).sum(),
        runs(head.sequence()),
        types,
        at("min").orElse(null),
        at("max").orElse(null),
        size(path.file()),
        size(path.log()),
        anchors,
        newest == null ? 0 : newest.sequence(),
        newest == null ? null : newest.at());
  }

  private static Map<String, Long> count(
      Connection connection, long from, long end, Map<String, Long> types) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT type, count(*) FROM entry NOT INDEXED WHERE seq > ? AND seq <= ? GROUP BY type")) {
      statement.setLong(1, from);
      statement.setLong(2, Math.min(from + PART, end));
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          types.merge(row.getString(1), row.getLong(2), Long::sum);
        }
      }
    }
    return types;
  }

  /** Steps from one run to the next in the index, a transaction for each. */
  private long runs(long end) throws SQLException {
    boolean ownIndex = ledger.version() >= LedgerSchema.OWN_INDEX;
    String table = ownIndex ? "entry_by_run" : "entry";
    return readers.read(
        connection -> {
          long count = ownIndex ? Connections.number(connection, RUNS_AFTER_INDEX) : 0;
          String run = "";
          try (var statement =
              connection.prepareStatement("SELECT min(run) FROM " + table + " WHERE run > ?")) {
            while (count <= end) {
              statement.setString(1, run);
              try (var row = statement.executeQuery()) {
                String next = row.next() ? row.getString(1) : null;
                if (next == null) {
                  return count;
                }
                run = next;
                count++;
              }
            }
          }
          return count;
        });
  }

  private Optional<Instant> at(String which) throws SQLException {
    return readers.read(
        connection -> {
          try (var statement =
                  connection.prepareStatement(
                      "SELECT at_second, at_nano FROM entry WHERE seq = (SELECT "
                          + which
                          + "(seq) FROM entry)");
              var row = statement.executeQuery()) {
            return row.next()
                ? Optional.of(Instant.ofEpochSecond(row.getLong(1), row.getLong(2)))
                : Optional.empty();
          }
        });
  }

  private void note(Anchor anchor) {
    anchors++;
    Anchor soFar = last;
    if (soFar == null || anchor.sequence() >= soFar.sequence()) {
      last = anchor;
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}

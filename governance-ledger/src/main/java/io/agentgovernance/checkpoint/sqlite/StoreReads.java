// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is read from a store, each on a connection that only reads. */
final class StoreReads {
  private static final String DELTAS =
      "SELECT d.key - (r.no << 32), d.body FROM run r CROSS JOIN delta d"
          + " WHERE r.id = ? AND d.key > (r.no << 32) + ? AND d.key < (r.no + 1) << 32"
          + " ORDER BY d.key LIMIT ?";
  private static final String LATEST =
      "SELECT r.marked, d.body FROM run r JOIN delta d ON d.key = (r.no << 32) + r.marked"
          + " WHERE r.id = ? AND r.marked > 0";

  private StoreReads() {}

  static long epoch(Connection connection, RunId run) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT epoch FROM run WHERE id = ?")) {
      statement.setString(1, run.value());
      try (var result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  static List<Delta> deltas(Connection connection, RunId run, long skip, int limit)
      throws SQLException {
    var deltas = new ArrayList<Delta>();
    if (skip >= RunRow.MAX_POSITION || limit <= 0) {
      return deltas;
    }
    try (var statement = connection.prepareStatement(DELTAS)) {
      statement.setString(1, run.value());
      statement.setLong(2, Math.max(0, skip));
      statement.setInt(3, limit);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          deltas.add(DeltaJson.read(run, row.getLong(1), text(row.getBytes(2))));
        }
      }
    }
    return List.copyOf(deltas);
  }

  static Optional<Checkpoint> latest(Connection connection, RunId run) throws SQLException {
    try (var statement = connection.prepareStatement(LATEST)) {
      statement.setString(1, run.value());
      try (var row = statement.executeQuery()) {
        return row.next()
                && DeltaJson.read(run, row.getLong(1), text(row.getBytes(2)))
                    instanceof Delta.Marked marked
            ? Optional.of(marked.checkpoint())
            : Optional.empty();
      }
    }
  }

  static List<RunId> unfinished(Connection connection, int limit) throws SQLException {
    var runs = new ArrayList<RunId>();
    try (var statement =
        connection.prepareStatement("SELECT id FROM run WHERE ended = 0 ORDER BY no LIMIT ?")) {
      statement.setInt(1, Math.max(0, limit));
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          runs.add(RunId.parse(row.getString(1)));
        }
      }
    }
    return List.copyOf(runs);
  }

  private static String text(byte[] body) {
    return new String(body, UTF_8);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.payload.Payload;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A folder with a ledger of ten entries, its key in keys/k, and anchors kept elsewhere. */
record AuditedFolder(Path directory) {
  private static final Instant AT = Instant.parse("2026-11-20T10:00:00.123456789Z");

  static AuditedFolder in(Path directory) {
    var folder = new AuditedFolder(directory);
    try (SqliteLedger ledger = folder.open()) {
      append(ledger, 1, 10);
    }
    return folder;
  }

  SqliteLedger open() {
    return SqliteLedger.builder(directory.resolve("ledger.db"))
        .signingKey(directory.resolve("keys/k"))
        .anchorSink(directory.resolve("elsewhere.anchors"))
        .open();
  }

  static void append(SqliteLedger ledger, int from, int to) {
    for (int i = from; i <= to; i++) {
      LedgerDraft draft =
          LedgerDraft.of(
              TenantId.parse("default"),
              RunId.parse(i % 2 == 0 ? "run-2" : "run-1"),
              i % 5 == 0 ? "DENIED" : "NOTE",
              AT.plusSeconds(i),
              "k" + i,
              Payload.of(Map.of("n", i, "text", "with \u001b[31m colour")));
      ledger.append(draft).join();
    }
  }

  void sql(String... statements) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger.db"));
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  /** Runs {@code governance ledger} with these arguments. */
  Cli.Outcome ledger(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "ledger";
    System.arraycopy(args, 0, all, 1, args.length);
    return Cli.in(directory).run(all);
  }

  static String field(String json, String pointer) {
    return Payload.json(json).at(pointer).map(Payload::text).orElse("absent");
  }

  static List<String> sequences(String lines) {
    return lines.lines().map(line -> field(line, "/sequence")).toList();
  }
}

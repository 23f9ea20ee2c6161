// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests write, and how they look at files. */
final class Ledgers {
  static final TenantId TENANT = TenantId.parse("default");
  static final RunId RUN = RunId.parse("run-1");
  static final Instant AT = Instant.parse("2026-11-20T10:00:00.123456789Z");

  private Ledgers() {}

  static Path file(Path folder) {
    return folder.resolve("ledger.db");
  }

  static Path key(Path folder) {
    return folder.resolve("keys").resolve("ledger.key");
  }

  static SqliteLedgerBuilder builder(Path folder) {
    return SqliteLedger.builder(file(folder)).signingKey(key(folder));
  }

  static PublicKey publicKey(Path folder) {
    return AnchorKeys.read(Path.of(key(folder) + ".pub"));
  }

  static LedgerDraft note(String key) {
    return LedgerDraft.of(
        TENANT, RUN, "NOTE", AT, key, Payload.of(Map.of("note", "note " + key, "n", key.length())));
  }

  static LedgerReceipt append(AuditLedger ledger, LedgerDraft draft) {
    return settle(ledger.append(draft));
  }

  static List<LedgerReceipt> append(AuditLedger ledger, int from, int to) {
    var futures = new ArrayList<CompletableFuture<LedgerReceipt>>();
    for (int i = from; i <= to; i++) {
      futures.add(ledger.append(note("k" + i)));
    }
    return futures.stream().map(Ledgers::settle).toList();
  }

  static <T> T settle(CompletableFuture<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError("the ledger refused: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer in 60 s", e);
    }
  }

  static List<LedgerEntry> readAll(AuditLedger ledger) {
    var entries = new ArrayList<LedgerEntry>();
    var query = LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT).build();
    var page = ledger.query(query);
    entries.addAll(page.entries());
    while (page.next().isPresent()) {
      page = ledger.query(query.after(page.next().getAsLong()));
      entries.addAll(page.entries());
    }
    return entries;
  }

  /** A connection such as an attacker with the file has. */
  static Connection raw(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  static void sql(Path file, String... statements) throws SQLException {
    try (var connection = raw(file);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  /** All columns of all rows as they are stored, so that two files can be compared. */
  static List<String> rows(Path file) throws SQLException {
    var rows = new ArrayList<String>();
    try (var connection = raw(file);
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT seq, at_second, at_nano, hex(tenant), hex(run), agent IS NULL, hex(agent), hex(type),"
                    + " schema, hex(idem), hex(body), hex(prev), hex(hash) FROM entry NOT INDEXED ORDER BY seq")) {
      while (row.next()) {
        var text = new StringBuilder();
        for (int i = 1; i <= 13; i++) {
          text.append(row.getString(i)).append('|');
        }
        rows.add(text.toString());
      }
    }
    return rows;
  }

  /** Copies database, log and anchors, of a ledger that nobody has open. */
  static Path copy(Path file, Path folder) {
    try {
      Files.createDirectories(folder);
      Path copy = folder.resolve(file.getFileName());
      for (String suffix : List.of("", "-wal", ".anchors")) {
        Path from = Path.of(file + suffix);
        Path to = Path.of(copy + suffix);
        Files.deleteIfExists(to);
        if (Files.exists(from)) {
          Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.deleteIfExists(Path.of(copy + "-shm"));
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

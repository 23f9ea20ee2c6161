// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.ledger.Verification.Unreadable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes a whole chain, in parts at the same time. A part begins from the hash that is stored
 * for the entry before it, which the part before has to find right. Beside it SQLite compares its
 * indexes with the table, since queries rely on them. One instance checks once.
 */
final class ChainCheck {
  private static final int MAX_THREADS = 4;
  private static final long PART = 20_000;
  private static final long PROGRESS_MILLIS = 200;

  private final LedgerPath path;
  private final int version;
  private final Head head;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicReference<@Nullable Tampered> first = new AtomicReference<>();

  private final AtomicReference<@Nullable String> index = new AtomicReference<>();

  /**
   * Prepares for the chain up to its end as it is now.
   *
   * @param version of the tables
   */
  ChainCheck(LedgerPath path, int version, Head head) {
    this.path = path;
    this.version = version;
    this.head = head;
  }

  /** Returns what is wrong, or null. */
  @Nullable Verification run(LedgerProgress progress) throws SQLException {
    if (head.sequence() <= PART) {
      try (Connection connection = Connections.toRead(path)) {
        Tampered tampered = part(connection, 0);
        progress.at(head.sequence(), head.sequence());
        if (tampered == null && version >= LedgerSchema.OWN_INDEX) {
          index.set(IndexCheck.all(connection));
        }
        return answer(tampered, tampered == null ? structure(connection) : null);
      }
    }
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads, ChainCheck::thread);
    try {
      List<Future<@Nullable String>> tasks = new ArrayList<>();
      Callable<@Nullable String> structure = this::ownStructure;
      tasks.add(pool.submit(structure));
      if (version >= LedgerSchema.OWN_INDEX) {
        for (IndexCheck check : IndexCheck.values()) {
          tasks.add(pool.submit(() -> own(check)));
        }
      }
      for (long part = 0; part < threads && part * PART <= head.sequence(); part++) {
        tasks.add(pool.submit(parts()));
      }
      String broken = null;
      for (Future<@Nullable String> task : tasks) {
        String found = await(task, progress);
        broken = broken == null ? found : broken;
      }
      return answer(first.get(), broken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        throw cause;
      }
      throw new SQLException(String.valueOf(e.getCause()), e);
    } finally {
      pool.shutdownNow();
    }
  }

  private @Nullable String await(Future<@Nullable String> task, LedgerProgress progress)
      throws InterruptedException, ExecutionException {
    while (true) {
      progress.at(Math.min(done.get(), head.sequence()), head.sequence());
      try {
        return task.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Then it tells how far it is, and goes on waiting.
      }
    }
  }

  private @Nullable Verification answer(@Nullable Tampered tampered, @Nullable String broken) {
    return tampered != null || broken == null
        ? tampered
        : new Unreadable("ledger %s: %s".formatted(path, broken));
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "governance-ledger-verify");
    thread.setDaemon(true);
    return thread;
  }

  /** After {@link #run}: how the index differs from the entries, or null. */
  @Nullable String indexProblem() {
    return index.get();
  }

  /** The answer is not one of the chain's: an index that does not fit does not change an entry. */
  private @Nullable String own(IndexCheck check) throws SQLException {
    try (Connection connection = Connections.toRead(path)) {
      String found = check.problem(connection);
      if (found != null) {
        index.set(found);
      }
    }
    return null;
  }

  private @Nullable String ownStructure() throws SQLException {
    try (Connection connection = Connections.toRead(path)) {
      return structure(connection);
    }
  }

  /** Returns what SQLite finds wrong with the structure of the file, or null. */
  private static @Nullable String structure(Connection connection) throws SQLException {
    String answer = Connections.text(connection, "PRAGMA integrity_check(1)");
    return answer.equals("ok") ? null : "its indexes do not fit its entries: " + answer.strip();
  }

  private Callable<@Nullable String> parts() {
    return () -> {
      try (Connection connection = Connections.toRead(path)) {
        for (long start = next.getAndAdd(PART);
            start < head.sequence() && first.get() == null;
            start = next.getAndAdd(PART)) {
          Tampered found = part(connection, start);
          if (found != null) {
            first.accumulateAndGet(found, ChainCheck::earlier);
          }
          done.addAndGet(PART);
        }
      }
      return null;
    };
  }

  private @Nullable Tampered part(Connection connection, long start) throws SQLException {
    var scan = new ChainScan(connection);
    if (start > 0) {
      byte[] stored = Entries.hashOf(connection, start);
      if (stored == null || stored.length != LedgerHash.BYTES) {
        return new Tampered(start, "the entry or its hash is missing");
      }
      scan.after(new Head(start, LedgerHash.digest(stored)));
    }
    return scan.to(Math.max(0, Math.min(start + PART, head.sequence())));
  }

  private static @Nullable Tampered earlier(@Nullable Tampered a, @Nullable Tampered b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.firstBadSequence() <= b.firstBadSequence() ? a : b;
  }
}

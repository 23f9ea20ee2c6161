// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.secret.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the write-ahead log from growing without bound. SQLite writes it from its start again as
 * soon as no reader needs it; one that stays in a transaction keeps it growing with every commit.
 *
 * <p>For the writer's thread, but for {@link #bytes} and {@link #warnings}.
 */
final class LogGuard {
  /** Up to here a log grows by itself; after a reader has held it SQLite cuts it to this size. */
  private static final long USUAL = Connections.KEPT_LOG_BYTES;

  /** After so many transactions, or so much in them, an ordinary log is looked at again. */
  private static final int LOOKED_TRANSACTIONS = 64;

  private static final long LOOKED_BYTES = 256 * 1024;

  private static final Log log = Log.of(LogGuard.class);
  private static final long MIB = 1024 * 1024;

  private final LedgerPath path;
  private final Probe probe;
  private final long limit;
  private final long expected;
  private final long step;

  private volatile long bytes;
  private final AtomicLong warnings = new AtomicLong();
  private boolean held;
  private long triedAt;
  private int transactions = LOOKED_TRANSACTIONS;
  private long written;

  LogGuard(LedgerPath path, long limit, Probe probe) {
    this.path = path;
    this.probe = probe;
    this.limit = limit;
    this.expected = Math.min(USUAL, limit / 2);
    this.step = Math.max(1, (limit - expected) / 16);
  }

  /** So many bytes are committed next, or an unknown number: {@link Long#MAX_VALUE}. */
  void writing(long bytes) {
    written += Math.min(bytes, LOOKED_BYTES);
  }

  /**
   * Looks at the log between two transactions; if it has grown, tries to have it begin again, which
   * waits for readers for a fraction of a second at most.
   *
   * <p>An ordinary log is looked at now and then only, because looking makes the next commit slow:
   * since Linux 6.13 a file that was asked for its times gets a finer one with the next write, and
   * to sync it takes another write to the file system's journal, half as long again as the commit.
   *
   * @throws LedgerUnavailableException if it has reached its limit and a reader still holds it
   */
  void watch(WriteSession session) throws SQLException {
    transactions++;
    if (bytes <= expected && transactions < LOOKED_TRANSACTIONS && written < LOOKED_BYTES) {
      return;
    }
    transactions = 0;
    written = 0;
    long size = size();
    bytes = size;
    if (size <= expected) {
      triedAt = 0;
      held = false;
      return;
    }
    if (size < limit && size - triedAt < step) {
      return;
    }
    triedAt = size;
    if (session.beginLogAgain()) {
      bytes = size();
      triedAt = 0;
      if (held) {
        held = false;
        log.info("ledger {}: its write-ahead log is no longer held", path);
      }
      return;
    }
    if (!held) {
      held = true;
      warnings.incrementAndGet();
      log.warn(
          "ledger {}: its write-ahead log has {} MiB, because somebody has been reading in one transaction for long. End that reader, for instance a database browser; at {} MiB appends are refused.",
          path,
          size / MIB,
          limit / MIB);
    }
    if (size >= limit) {
      throw new LedgerUnavailableException(
          Reason.BUSY,
          "ledger %s: its write-ahead log has %d bytes, at most %d are accepted, and somebody who reads in one transaction keeps it from being reused. End that reader, for instance a database browser, and append again."
              .formatted(path, size, limit));
    }
  }

  private long size() throws SQLException {
    probe.step("LOOK");
    try {
      return Files.size(path.log());
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new SQLException("the write-ahead log cannot be looked at: " + e, e);
    }
  }

  /** Returns the size of the log when it was last looked at. Any thread. */
  long bytes() {
    return bytes;
  }

  /** Returns how often a reader has held it for too long. Any thread. */
  long warnings() {
    return warnings.get();
  }
}

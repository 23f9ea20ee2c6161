// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.AnchorSink;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings anchors to a sink from a thread of its own, so that a slow one holds up nothing. Only the
 * newest anchor waits: it covers what the ones before it did. Thread safe.
 */
final class SinkPump {
  private static final Log log = Log.of(SinkPump.class);
  private static final long CLOSE_MILLIS = 5_000;

  private final String ledger;
  private final AnchorSink sink;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private @Nullable Anchor newest;
  private boolean closed;

  SinkPump(LedgerPath path, AnchorSink sink) {
    this.ledger = path.toString();
    this.sink = sink;
    this.thread = new Thread(this::run, "governance-anchors-" + path.file().getFileName());
    thread.setDaemon(true);
    thread.start();
  }

  void offer(Anchor anchor) {
    lock.lock();
    try {
      newest = anchor;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (Anchor next = take(); next != null; next = take()) {
        keep(next);
      }
    } catch (InterruptedException e) {
      log.warn("ledger {}: its anchor sink did not finish in time", ledger);
    }
  }

  private @Nullable Anchor take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (newest == null && !closed) {
        changed.await();
      }
      Anchor taken = newest;
      newest = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void keep(Anchor anchor) {
    try {
      sink.anchor(anchor);
    } catch (RuntimeException e) {
      log.warn(
          "ledger {}: sink {} did not keep the anchor of entry {}; the next one will cover it",
          ledger,
          sink.getClass().getName(),
          anchor.sequence(),
          e);
    }
  }

  /** Brings what waits, for a few seconds at most, then stops. The sink stays open. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}

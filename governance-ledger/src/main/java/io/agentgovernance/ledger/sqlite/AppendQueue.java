// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.TimeSource.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written: bounded in number and in bytes, never dropped. Producers wait for room,
 * the one writer for work. Thread safe.
 */
final class AppendQueue {
  static final int CAPACITY = 8_192;
  static final int MAX_BATCH = 512;
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long CAPACITY_BYTES = 64L * 1024 * 1024;
  private static final long MAX_BATCH_BYTES = 8L * 1024 * 1024;

  private final String ledger;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<Pending> items = new ArrayDeque<>();
  private final ArrayDeque<Waiter> producers = new ArrayDeque<>();
  private long bytes;
  private boolean woken;
  private boolean closed;
  private @Nullable Thread writer;

  AppendQueue(String ledger, TimeSource time) {
    this.ledger = ledger;
    this.time = time;
  }

  /**
   * Adds a draft; waits for room, {@link #PATIENCE} at most. The writer itself never waits.
   *
   * @throws LedgerUnavailableException if there is no room, or the ledger is closed
   */
  void put(Pending pending) {
    long until = time.ticks() + PATIENCE.toNanos();
    Waiter waiter = null;
    while (!offered(pending, waiter)) {
      if (waiter == null) {
        waiter = time.waiter();
        continue;
      }
      long left = until - time.ticks();
      if (left <= 0 || isWriter()) {
        throw busy(waiter, "no room for 2 s");
      }
      try {
        boolean unused = waiter.await(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw busy(waiter, "interrupted while waiting for room");
      }
    }
  }

  /** Adds it if there is room; else lists the producer to be woken, if it can be. */
  private boolean offered(Pending pending, @Nullable Waiter waiter) {
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      int size = pending.body().length;
      boolean room = items.isEmpty() || (items.size() < CAPACITY && bytes + size <= CAPACITY_BYTES);
      if (waiter != null) {
        producers.remove(waiter);
      }
      if (room) {
        items.add(pending);
        bytes += size;
        time.taskStarted();
        work.signal();
      } else if (waiter != null) {
        producers.add(waiter);
      }
      return room;
    } finally {
      lock.unlock();
    }
  }

  private LedgerUnavailableException busy(Waiter waiter, String why) {
    lock.lock();
    try {
      producers.remove(waiter);
      return new LedgerUnavailableException(
          Reason.BUSY,
          "ledger %s: %s; %d entries of %d bytes wait to be written. Try again, start fewer runs at a time, or use a faster disk."
              .formatted(ledger, why, items.size(), bytes));
    } finally {
      lock.unlock();
    }
  }

  LedgerUnavailableException closed() {
    return new LedgerUnavailableException(
        Reason.CLOSED,
        "ledger %s is closed. Open it again to append or to read.".formatted(ledger));
  }

  private boolean isWriter() {
    lock.lock();
    try {
      return Thread.currentThread() == writer;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for drafts or {@link #wake}, and moves what is there into an empty batch. For the writer.
   *
   * @return false once the queue is closed and empty
   */
  boolean take(List<Pending> batch) {
    lock.lock();
    try {
      writer = Thread.currentThread();
      while (items.isEmpty() && !woken && !closed) {
        work.awaitUninterruptibly();
      }
      woken = false;
      long taken = 0;
      for (Pending next = items.peek();
          next != null
              && batch.size() < MAX_BATCH
              && (batch.isEmpty() || taken + next.body().length <= MAX_BATCH_BYTES);
          next = items.peek()) {
        batch.add(items.remove());
        taken += next.body().length;
      }
      bytes -= taken;
      for (int room = batch.size(); room > 0 && !producers.isEmpty(); room--) {
        producers.remove().signal();
      }
      return !batch.isEmpty() || !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the writer look for other work. Never blocks for long. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing more in. What is in is still taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      producers.forEach(Waiter::signal);
      producers.clear();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns what nobody will write any more. */
  List<Pending> giveUp() {
    lock.lock();
    try {
      List<Pending> left = new ArrayList<>(items);
      items.clear();
      bytes = 0;
      return left;
    } finally {
      lock.unlock();
    }
  }
}

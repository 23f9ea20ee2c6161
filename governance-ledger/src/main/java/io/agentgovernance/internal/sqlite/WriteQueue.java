// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import io.agentgovernance.GovernanceException;
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
 *
 * @param <T> what is written
 */
public abstract class WriteQueue<T> {
  /** How many items wait at most. */
  public static final int CAPACITY = 8_192;

  /** How many items are taken at once at most. */
  public static final int MAX_BATCH = 512;

  /** How long a producer waits for room. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final long CAPACITY_BYTES = 64L * 1024 * 1024;
  private static final long MAX_BATCH_BYTES = 8L * 1024 * 1024;

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final ArrayDeque<Waiter> producers = new ArrayDeque<>();
  private long bytes;
  private boolean woken;
  private boolean closed;

  /** How many items there are, to be seen without the lock. */
  private volatile int waiting;

  private @Nullable Thread writer;

  /** The writer's. */
  private final Gathering gathering = new Gathering(MAX_BATCH);

  /** Makes an empty one. */
  protected WriteQueue(TimeSource time) {
    this.time = time;
  }

  /** Returns the size of an item in bytes, always the same. */
  protected abstract int sizeOf(T item);

  /** Makes what a producer is told for whom there was no room. */
  protected abstract GovernanceException busy(String why, int items, long bytes);

  /** Makes what a producer is told who is too late. */
  protected abstract GovernanceException closed();

  /**
   * Adds an item; waits for room, {@link #PATIENCE} at most. Writers never wait.
   *
   * @throws GovernanceException if there is no room, or the queue is closed
   */
  public final void put(T item) {
    long until = time.ticks() + PATIENCE.toNanos();
    Waiter waiter = null;
    while (!offered(item, waiter)) {
      if (waiter == null) {
        waiter = time.waiter();
        continue;
      }
      long left = until - time.ticks();
      if (left <= 0) {
        throw busy(waiter, "no room for 2 s");
      }
      if (Thread.currentThread() instanceof WriterThread || isWriter()) {
        throw busy(waiter, "no room");
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
  private boolean offered(T item, @Nullable Waiter waiter) {
    lock.lock();
    try {
      if (closed) {
        throw closed();
      }
      int size = sizeOf(item);
      boolean room = items.isEmpty() || (items.size() < CAPACITY && bytes + size <= CAPACITY_BYTES);
      if (waiter != null) {
        producers.remove(waiter);
      }
      if (room) {
        items.add(item);
        waiting = items.size();
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

  private GovernanceException busy(Waiter waiter, String why) {
    lock.lock();
    try {
      producers.remove(waiter);
      return busy(why, items.size(), bytes);
    } finally {
      lock.unlock();
    }
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
   * Waits for items or {@link #wake}, and moves what is there into an empty batch. For the writer.
   *
   * @return false once the queue is closed and empty
   */
  public final boolean take(List<T> batch) {
    lock.lock();
    try {
      writer = Thread.currentThread();
      while (items.isEmpty() && !woken && !closed) {
        work.awaitUninterruptibly();
      }
      woken = false;
      drain(batch, MAX_BATCH);
      gathering.begun(batch.size());
      return !batch.isEmpty() || !closed;
    } finally {
      lock.unlock();
    }
  }

  private void drain(List<T> batch, int most) {
    long size = 0;
    for (T item : batch) {
      size += sizeOf(item);
    }
    int room = 0;
    for (T next = items.peek();
        next != null
            && batch.size() < most
            && (batch.isEmpty() || size + sizeOf(next) <= MAX_BATCH_BYTES);
        next = items.peek()) {
      batch.add(items.remove());
      size += sizeOf(next);
      bytes -= sizeOf(next);
      room++;
    }
    waiting = items.size();
    for (; room > 0 && !producers.isEmpty(); room--) {
      producers.remove().signal();
    }
  }

  /**
   * Adds to a batch that is being written those who come again after they were answered just now,
   * for 0.2 ms at most. For the writer.
   *
   * @return false if the batch is to be committed
   */
  @SuppressWarnings("ThreadPriorityCheck") // yielding is the point: those who come need a processor
  public final boolean takeMore(List<T> batch) {
    int size = batch.size();
    while (waiting == 0 && gathering.goesOn(size)) {
      Thread.yield();
    }
    if (waiting > 0 && size < gathering.expected()) {
      lock.lock();
      try {
        drain(batch, gathering.expected());
      } finally {
        lock.unlock();
      }
      if (batch.size() > size) {
        gathering.came(batch.size());
        return true;
      }
    }
    gathering.committing();
    return false;
  }

  /** A batch of this size was committed, and is answered next. For the writer. */
  public final void written(int size) {
    gathering.written(size, waiting);
  }

  /** Makes the writer look for other work. Never blocks for long. */
  public final void wake() {
    lock.lock();
    try {
      woken = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing more in. What is in is still taken. */
  public final void close() {
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

  /** Returns how many items wait. */
  public final int size() {
    lock.lock();
    try {
      return items.size();
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns what nobody will write any more. */
  public final List<T> giveUp() {
    lock.lock();
    try {
      List<T> left = new ArrayList<>(items);
      items.clear();
      waiting = 0;
      bytes = 0;
      return left;
    } finally {
      lock.unlock();
    }
  }
}

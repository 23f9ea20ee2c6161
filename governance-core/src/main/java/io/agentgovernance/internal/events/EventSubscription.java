// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.Subscription;
import io.agentgovernance.secret.Log;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way to one listener: a bounded queue and at most one task that empties it, so the
 * listener is called by one thread at a time and in order.
 *
 * <p>Thread safe. When the queue is full its oldest event is dropped and counted; the terminal one
 * is always the youngest. An executor that refuses the task is asked again with the next event; if
 * it refuses at the end of the run, what waits is not delivered.
 */
public final class EventSubscription implements Subscription, Follower {
  /** After so many events a task goes to the end of the executor's queue: others wait there. */
  private static final int BATCH = 256;

  private static final Log log = Log.of(EventSubscription.class);

  private final EventLog source;
  private final Executor executor;
  private final EventListener listener;
  private final int capacity;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<LogEntry> queue = new ArrayDeque<>();
  private boolean draining;
  private boolean last;
  private boolean closed;
  private boolean warned;
  private long dropped;

  EventSubscription(EventLog source, Executor executor, EventListener listener, int capacity) {
    this.source = source;
    this.executor = executor;
    this.listener = listener;
    this.capacity = capacity;
  }

  /** Returns how many events were dropped because the listener was too slow for them. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Completes when the listener has had the last event, or when the subscription is closed. What
   * depends on it runs on the thread that completes it.
   */
  public CompletableFuture<Void> done() {
    return done.copy();
  }

  /** Ends the subscription at once; a call under way ends by itself. Further calls do nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
    } finally {
      lock.unlock();
    }
    source.leave(this);
    done.complete(null);
  }

  @Override
  public void offer(LogEntry entry) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (queue.size() == capacity) {
        queue.removeFirst();
        dropped++;
      }
      queue.addLast(entry);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void finish() {
    lock.lock();
    try {
      last = true;
    } finally {
      lock.unlock();
    }
    wake();
  }

  @Override
  public void wake() {
    boolean over;
    lock.lock();
    try {
      if (closed || draining || (queue.isEmpty() && !last)) {
        return;
      }
      over = queue.isEmpty();
      draining = !over;
    } finally {
      lock.unlock();
    }
    if (over) {
      close();
    } else if (!submitted()) {
      idle();
    }
  }

  /** Whether the executor took the task. It may fail in any way, for want of threads for one. */
  private boolean submitted() {
    try {
      executor.execute(this::drain);
      return true;
    } catch (RuntimeException | Error e) {
      warn("event listener {}: the executor refused to call it", e);
      return false;
    }
  }

  private void idle() {
    lock.lock();
    try {
      draining = false;
    } finally {
      lock.unlock();
    }
  }

  private void drain() {
    do {
      for (int i = 0; i < BATCH; i++) {
        LogEntry entry = take();
        if (entry == null) {
          return;
        }
        deliver(entry);
      }
    } while (!submitted());
  }

  /** The next entry, or null when this task has nothing more to do. */
  private @Nullable LogEntry take() {
    LogEntry entry;
    boolean over;
    lock.lock();
    try {
      entry = queue.pollFirst();
      if (entry == null) {
        draining = false;
      }
      over = entry == null && last && !closed;
    } finally {
      lock.unlock();
    }
    if (over) {
      close();
    }
    return entry;
  }

  /** Whatever a listener throws is its own affair: the run and the other listeners go on. */
  private void deliver(LogEntry entry) {
    try {
      listener.onEvent(entry.event(source.run()));
    } catch (Throwable e) {
      warn("event listener {} failed", e);
    }
  }

  /** Once for an operator, without the message, which may quote an event; then for a developer. */
  private void warn(String message, Throwable e) {
    boolean first;
    lock.lock();
    try {
      first = !warned;
      warned = true;
    } finally {
      lock.unlock();
    }
    String name = listener.getClass().getName();
    if (first) {
      log.warn(
          "run {}: " + message + " with {}; further failures are logged at DEBUG",
          source.run(),
          name,
          e.getClass().getName());
    }
    log.debug("run {}: " + message, source.run(), name, e);
  }
}

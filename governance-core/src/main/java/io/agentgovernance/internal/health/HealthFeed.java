// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.health.ComponentHealth;
import io.agentgovernance.health.HealthListener;
import io.agentgovernance.secret.Log;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The way to one listener: in order, one at a time, bounded. Thread safe. */
final class HealthFeed {
  static final int CAPACITY = 256;
  private static final Log log = Log.of(HealthFeed.class);

  private record Told(ComponentHealth before, ComponentHealth after) {}

  private final HealthListener listener;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Told> waiting = new ArrayDeque<>(2);
  private boolean telling;
  private boolean closed;

  HealthFeed(HealthListener listener, Executor executor) {
    this.listener = listener;
    this.executor = executor;
  }

  void offer(ComponentHealth before, ComponentHealth after) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (waiting.size() == CAPACITY) {
        waiting.removeFirst();
      }
      waiting.addLast(new Told(before, after));
      if (telling) {
        return;
      }
      telling = true;
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(this::tell);
    } catch (RejectedExecutionException e) {
      close(); // the orchestrator is closed
    }
  }

  private void tell() {
    for (Told next = next(); next != null; next = next()) {
      try {
        listener.changed(next.before(), next.after());
      } catch (RuntimeException e) {
        log.warn("health listener {} failed", listener.getClass().getName(), e);
      }
    }
  }

  private @Nullable Told next() {
    lock.lock();
    try {
      Told next = waiting.poll();
      telling = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }
}

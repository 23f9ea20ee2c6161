// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that moves when a test says so; due timers run on the thread that moves it. */
final class HandTime implements TimeSource {
  private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Entry> timers = new ArrayList<>();
  private long ticks = Long.MAX_VALUE - 1_000; // wraps soon, as nanoTime may
  private long passed;

  /** Moves time on, from timer to timer. */
  void advance(Duration by) {
    long target;
    synchronized (this) {
      target = passed + by.toNanos();
    }
    Entry due = step(target);
    while (due != null) {
      due.task.run();
      due = step(target);
    }
  }

  private synchronized Entry step(long target) {
    Entry first = null;
    for (Entry timer : timers) {
      if (timer.at <= target && (first == null || timer.at < first.at)) {
        first = timer;
      }
    }
    long to = first == null ? target : Math.max(passed, first.at);
    ticks += to - passed;
    passed = to;
    timers.remove(first);
    return first;
  }

  synchronized int pendingTimers() {
    return timers.size();
  }

  @Override
  public synchronized Instant now() {
    return ORIGIN.plusNanos(passed);
  }

  @Override
  public synchronized long ticks() {
    return ticks;
  }

  @Override
  public synchronized Timer schedule(Duration delay, Runnable task) {
    var entry = new Entry(passed + Math.max(0, delay.toNanos()), task);
    timers.add(entry);
    return () -> {
      synchronized (this) {
        return timers.remove(entry);
      }
    };
  }

  @Override
  public Waiter waiter() {
    return TimeSource.system().waiter();
  }

  private static final class Entry {
    final long at;
    final Runnable task;

    Entry(long at, Runnable task) {
      this.at = at;
      this.task = task;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The active time of a run: owned, and not waiting for a person. Thread safe; the listener is
 * called on the time source's thread, without a lock.
 */
final class ActiveClock {
  private final TimeSource time;
  private final ControlThreads control;
  private final long limit;
  private final Runnable over;
  private final ReentrantLock lock = new ReentrantLock();
  private long usedNanos;
  private long since;
  private boolean running;
  private TimeSource.@Nullable Timer timer;

  ActiveClock(
      TimeSource time, ControlThreads control, Duration limit, Duration used, Runnable over) {
    this.time = time;
    this.control = control;
    this.limit = nanos(limit);
    this.usedNanos = nanos(used);
    this.over = over;
  }

  private static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofDays(36_500)) >= 0
        ? Long.MAX_VALUE / 4
        : duration.toNanos();
  }

  /** Lets the time run; does nothing if it does. */
  void start() {
    Briefly.lock(lock);
    try {
      if (!running) {
        running = true;
        since = time.ticks();
        timer = control.after(Duration.ofNanos(Math.max(0, limit - usedNanos)), this::look);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops the time; does nothing if it stands. */
  void stop() {
    TimeSource.Timer armed;
    Briefly.lock(lock);
    try {
      if (running) {
        running = false;
        usedNanos += time.ticks() - since;
      }
      armed = timer;
      timer = null;
    } finally {
      lock.unlock();
    }
    if (armed != null) {
      armed.cancel();
    }
  }

  boolean running() {
    Briefly.lock(lock);
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** How much there is in all. */
  Duration limit() {
    return Duration.ofNanos(limit);
  }

  Duration used() {
    Briefly.lock(lock);
    try {
      return Duration.ofNanos(usedNow());
    } finally {
      lock.unlock();
    }
  }

  Duration remaining() {
    Briefly.lock(lock);
    try {
      return Duration.ofNanos(Math.max(0, limit - usedNow()));
    } finally {
      lock.unlock();
    }
  }

  private long usedNow() {
    return running ? usedNanos + time.ticks() - since : usedNanos;
  }

  private void look() {
    Briefly.lock(lock);
    try {
      if (!running) {
        return;
      }
      long left = limit - usedNow();
      if (left > 0) {
        timer = control.after(Duration.ofNanos(left), this::look);
        return;
      }
      timer = null;
    } finally {
      lock.unlock();
    }
    over.run();
  }
}

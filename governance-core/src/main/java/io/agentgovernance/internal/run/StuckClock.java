// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How long a run has made no progress. Calls in flight and open approvals pause it. Thread safe;
 * the listener is called on a control thread, without a lock.
 */
final class StuckClock {
  private final TimeSource time;
  private final ControlThreads control;
  private final long threshold;
  private final Runnable stuck;
  private final ReentrantLock lock = new ReentrantLock();

  /** Progress that {@link #catchUp} has not seen: when it was, then that it was. */
  private volatile long progressAt;

  private volatile boolean progressed;

  // All below: under the lock.
  private long idleNanos;
  private long since;
  private int pauses;
  private boolean running;
  private boolean told;
  private TimeSource.@Nullable Timer timer;

  StuckClock(TimeSource time, ControlThreads control, Duration threshold, Runnable stuck) {
    this.time = time;
    this.control = control;
    this.threshold = threshold.toNanos();
    this.stuck = stuck;
  }

  /** A pause of one call, which may end before the call does. Thread safe. */
  final class Pause {
    private boolean held;

    /** Begins the pause; does nothing if it has begun. */
    void hold() {
      Briefly.lock(lock);
      try {
        if (!held) {
          held = true;
          pause();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Ends the pause; does nothing if it has ended. */
    void end() {
      Briefly.lock(lock);
      try {
        if (held) {
          held = false;
          unpause();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  void start() {
    Briefly.lock(lock);
    try {
      running = true;
      catchUp();
      idleNanos = 0;
      since = time.ticks();
      arm(threshold);
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    TimeSource.Timer armed;
    Briefly.lock(lock);
    try {
      running = false;
      armed = timer;
      timer = null;
    } finally {
      lock.unlock();
    }
    if (armed != null) {
      armed.cancel();
    }
  }

  /** Something happened that counts. The armed timer stays; it looks again when it fires. */
  void progress() {
    progressAt = time.ticks();
    progressed = true;
  }

  /** Takes note of progress. Call it before anything that depends on how long there was none. */
  private void catchUp() {
    if (progressed) {
      progressed = false; // before the time is read: progress from here on is seen next time
      idleNanos = 0;
      since = progressAt;
    }
  }

  void pause() {
    Briefly.lock(lock);
    try {
      if (pauses++ == 0) {
        idleNanos = idle(0);
      }
    } finally {
      lock.unlock();
    }
  }

  void unpause() {
    Briefly.lock(lock);
    try {
      if (--pauses == 0) {
        catchUp();
        since = time.ticks();
        if (running && timer == null && !told) {
          arm(Math.max(1, threshold - idleNanos));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the threshold is reached now. */
  boolean isStuck() {
    Briefly.lock(lock);
    try {
      return running && pauses == 0 && idle() >= threshold;
    } finally {
      lock.unlock();
    }
  }

  /** Looks again later, after it was stuck and then was not. */
  void rearm() {
    Briefly.lock(lock);
    try {
      told = false;
      if (running && timer == null && pauses == 0) {
        arm(Math.max(1, threshold - idle()));
      }
    } finally {
      lock.unlock();
    }
  }

  private long idle() {
    return idle(pauses);
  }

  private long idle(int paused) {
    catchUp();
    return paused > 0 ? idleNanos : idleNanos + time.ticks() - since;
  }

  private void arm(long nanos) {
    timer = control.after(Duration.ofNanos(nanos), this::look);
  }

  private void look() {
    Briefly.lock(lock);
    try {
      timer = null;
      if (!running || pauses > 0) {
        return; // the end of the pause arms it again
      }
      long left = threshold - idle();
      if (left > 0) {
        arm(left);
        return;
      }
      told = true;
    } finally {
      lock.unlock();
    }
    stuck.run();
  }
}

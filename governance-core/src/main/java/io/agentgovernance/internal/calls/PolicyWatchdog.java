// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Interrupts threads that stay in a policy for too long. Thread safe.
 *
 * <p>One timer serves all evaluations of a chain. It is armed by an evaluation that finds it idle,
 * re-armed while evaluations are in flight when it fires, and otherwise left to rest: an idle chain
 * has no timer later than one timeout after its last evaluation. It holds as many watches as there
 * are threads evaluating.
 */
final class PolicyWatchdog {
  private final TimeSource time;
  private final long timeoutNanos;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();

  PolicyWatchdog(Duration timeout, TimeSource time) {
    this.time = time;
    this.timeoutNanos = timeout.toNanos();
  }

  /** Begins to watch the calling thread; {@link #leave} must follow. */
  Watch enter() {
    var watch = new Watch(time.ticks());
    watches.add(watch);
    armIfIdle(timeoutNanos);
    return watch;
  }

  /** Ends a watch. No interrupt of ours comes later or stays behind. */
  void leave(Watch watch) {
    watches.remove(watch);
    watch.guard.leave();
  }

  /** Says whether this watch has been going on for too long. */
  boolean over(Watch watch) {
    return watch.guard.wasInterrupted() || time.ticks() - watch.start > timeoutNanos;
  }

  int watched() {
    return watches.size();
  }

  private void armIfIdle(long delayNanos) {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      schedule(delayNanos);
    }
  }

  private void schedule(long delayNanos) {
    try {
      time.schedule(Duration.ofNanos(delayNanos), this::fire);
    } catch (RuntimeException e) {
      armed.set(false);
      throw e;
    }
  }

  private void fire() {
    long next = sweep();
    if (next > 0) {
      schedule(next);
      return;
    }
    armed.set(false);
    next = sweep(); // who entered before that line found it armed
    if (next > 0) {
      armIfIdle(next);
    }
  }

  /** Interrupts what is over; returns the time to the next that will be, or 0 if there is none. */
  private long sweep() {
    long next = Long.MAX_VALUE;
    for (Watch watch : watches) {
      long left = watch.start + timeoutNanos - time.ticks();
      if (left <= 0) {
        watch.guard.interrupt();
      } else {
        next = Math.min(next, left);
      }
    }
    return next == Long.MAX_VALUE ? 0 : next;
  }

  /** One evaluation in flight. */
  static final class Watch {
    private final long start;
    private final InterruptGuard guard = new InterruptGuard();

    private Watch(long start) {
      this.start = start;
    }
  }
}

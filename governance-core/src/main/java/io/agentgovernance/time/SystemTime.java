// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/** The time of this machine. Thread safe. */
final class SystemTime implements TimeSource {
  static final SystemTime INSTANCE = new SystemTime();

  /** Far below Long.MAX_VALUE, so that a tick count plus this may wrap but still compares well. */
  static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private final TimerThread timers = new TimerThread();

  private SystemTime() {}

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long ticks() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    long nanos = nanos(delay);
    return timers.schedule(nanos, requireNonNull(task, "task"));
  }

  @Override
  public Waiter waiter() {
    return new ParkingWaiter();
  }

  /** Returns the duration in nanoseconds, brought into the range that can be waited for. */
  static long nanos(Duration duration) {
    if (requireNonNull(duration, "duration").isNegative()) {
      return 0;
    }
    try {
      return Math.min(duration.toNanos(), LONGEST_NANOS);
    } catch (ArithmeticException tooLong) {
      return LONGEST_NANOS;
    }
  }
}

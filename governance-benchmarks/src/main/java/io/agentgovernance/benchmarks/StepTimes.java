// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How long steps took, to the microsecond; a second counts as the longest. Thread safe. */
final class StepTimes {

  private static final int LONGEST_MICROS = 1_000_000;

  private final AtomicIntegerArray micros = new AtomicIntegerArray(LONGEST_MICROS + 1);

  /** Counts one step that took from {@code start} to now, by {@link System#nanoTime()}. */
  void since(long start) {
    var took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    micros.incrementAndGet((int) Math.min(took, LONGEST_MICROS));
  }

  /** How many steps were counted. */
  long count() {
    var count = 0L;
    for (var i = 0; i <= LONGEST_MICROS; i++) {
      count += micros.get(i);
    }
    return count;
  }

  /** The time that {@code part} of the steps did not exceed, in microseconds. */
  int quantile(double part) {
    var left = (long) Math.ceil(part * count());
    for (var i = 0; i <= LONGEST_MICROS; i++) {
      left -= micros.get(i);
      if (left <= 0) {
        return i;
      }
    }
    return LONGEST_MICROS;
  }
}

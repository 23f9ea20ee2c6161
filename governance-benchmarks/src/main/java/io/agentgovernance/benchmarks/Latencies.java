// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How long each of many operations took, and all together. Not thread safe. */
final class Latencies {

  private long[] nanos = new long[1 << 12];
  private int count;
  private long elapsed;

  void add(long taken) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = taken;
  }

  /** Takes in what another thread measured in the same time. */
  void addAll(Latencies other) {
    for (var i = 0; i < other.count; i++) {
      add(other.nanos[i]);
    }
  }

  /** Says how long all of it took, by the clock on the wall. */
  Latencies elapsed(long nanos) {
    this.elapsed = nanos;
    return this;
  }

  int count() {
    return count;
  }

  double perSecond() {
    return count * (double) TimeUnit.SECONDS.toNanos(1) / elapsed;
  }

  /** The time, in milliseconds, that this share of the operations took at most. */
  double millis(double share) {
    var sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[Math.min(count - 1, (int) (count * share))] / 1e6;
  }
}

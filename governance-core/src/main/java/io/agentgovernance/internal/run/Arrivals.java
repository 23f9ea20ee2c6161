// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Several things that one thread waits for, to be woken once: being woken costs more than most of
 * what it waits for. Any thread may say that one of them has come; one thread waits.
 */
final class Arrivals {
  private final TimeSource time;
  private final AtomicInteger missing;
  private volatile TimeSource.@Nullable Waiter waiter;

  Arrivals(TimeSource time, int missing) {
    this.time = time;
    this.missing = new AtomicInteger(missing);
  }

  /** One of them has come. Does not block. */
  void one() {
    if (missing.decrementAndGet() == 0) {
      TimeSource.Waiter waiting = waiter;
      if (waiting != null) {
        waiting.signal();
      }
    }
  }

  /** Waits until all have come, for a time at most; no longer than until it is interrupted. */
  void await(Duration atMost) {
    if (missing.get() <= 0) {
      return;
    }
    TimeSource.Waiter own = time.waiter();
    waiter = own; // before it looks again: whoever comes after that look signals
    if (missing.get() <= 0) {
      return;
    }
    try {
      boolean unused = own.await(atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // for what is waited for next, one by one
    }
  }
}

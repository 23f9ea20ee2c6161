// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends an attempt in time: aborts it at its timeout, and interrupts its thread if it still has not
 * ended a grace period later. Made and ended on the attempt's thread. Once ended, neither the abort
 * nor the interrupt comes any more.
 */
final class AttemptDeadline {
  /** What a model gets to react to the abort before it is interrupted. */
  static final Duration GRACE = Duration.ofSeconds(1);

  private static final int RUNNING = 0;
  private static final int ABORTING = 1;
  private static final int ABORTED = 2;
  private static final int ENDED = 3;

  private final AtomicInteger state = new AtomicInteger(RUNNING);
  private final InterruptGuard guard = new InterruptGuard();
  private final TimeSource time;
  private final Runnable abort;
  private final TimeSource.Timer timeout;
  private volatile TimeSource.@Nullable Timer grace;

  AttemptDeadline(TimeSource time, Duration timeout, Runnable abort) {
    this.time = time;
    this.abort = abort;
    this.timeout = time.schedule(timeout, this::pass);
  }

  private void pass() {
    if (!state.compareAndSet(RUNNING, ABORTING)) {
      return;
    }
    try {
      abort.run();
    } finally {
      grace = time.schedule(GRACE, guard::interrupt);
      state.set(ABORTED);
    }
  }

  /** Ends the attempt. Says whether its time had passed before. */
  boolean end() {
    if (state.compareAndSet(RUNNING, ENDED)) {
      timeout.cancel();
      guard.leave();
      return false;
    }
    while (state.get() == ABORTING) {
      LockSupport.parkNanos(this, 50_000); // abort hooks do not block
    }
    TimeSource.Timer pending = grace;
    if (pending != null) {
      pending.cancel();
    }
    guard.leave();
    return true;
  }
}

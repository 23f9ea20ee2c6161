// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A parking place of {@link ManualTime}. The fields are under the clock's monitor. */
final class ManualWaiter implements TimeSource.Waiter {
  private final ManualClock clock;
  boolean permit;
  @Nullable Stay stay;

  ManualWaiter(ManualClock clock) {
    this.clock = clock;
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    long nanos = ManualClock.nanos(atMost);
    Stay mine;
    synchronized (clock) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (stay != null) {
        throw new IllegalStateException("another thread waits here: one waiter serves one thread");
      }
      if (permit || nanos == 0) {
        boolean signalled = permit;
        permit = false;
        return signalled;
      }
      mine = clock.beginStay(this, nanos);
    }
    return mine.await();
  }

  @Override
  public void signal() {
    synchronized (clock) {
      if (stay == null) {
        permit = true;
      } else {
        clock.endStay(stay, Outcome.SIGNALLED);
      }
    }
  }

  enum Outcome {
    WAITING,
    SIGNALLED,
    EXPIRED,
    INTERRUPTED
  }

  /** One thread's wait. Whoever ends it decides the outcome; the thread finds it when it wakes. */
  static final class Stay extends Deadline {
    final ManualWaiter waiter;
    final Thread thread = Thread.currentThread();

    /** Null for a thread that is no task, or no longer. */
    @Nullable ManualTask task;

    Outcome outcome = Outcome.WAITING;

    Stay(ManualWaiter waiter, long at, long number) {
      super(at, number);
      this.waiter = waiter;
    }

    /**
     * A monitor and not a lock: acquiring a contended ReentrantLock hides the interrupt flag for a
     * moment, and by that flag the clock sees that an interrupted thread is no longer idle.
     */
    private boolean await() throws InterruptedException {
      while (true) {
        LockSupport.park(waiter);
        synchronized (waiter.clock) {
          if (outcome != Outcome.WAITING) {
            return outcome == Outcome.SIGNALLED;
          }
          if (Thread.interrupted()) {
            waiter.clock.endStay(this, Outcome.INTERRUPTED);
            throw new InterruptedException();
          }
        }
      }
    }
  }
}

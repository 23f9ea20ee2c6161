// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits in real time. Takes no lock, so it suits virtual threads of every JDK.
 *
 * <p>A signal is not lost: the signaller sets the permit and then looks for a thread to wake, the
 * waiting thread makes itself known and then looks at the permit.
 */
final class ParkingWaiter implements TimeSource.Waiter {
  private final AtomicBoolean permit = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> parked = new AtomicReference<>();

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    long nanos = SystemTime.nanos(atMost);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Thread self = Thread.currentThread();
    if (!parked.compareAndSet(null, self)) {
      throw new IllegalStateException("another thread waits here: one waiter serves one thread");
    }
    try {
      return await(System.nanoTime() + nanos);
    } finally {
      parked.set(null);
    }
  }

  private boolean await(long deadline) throws InterruptedException {
    while (!permit.getAndSet(false)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }

  @Override
  public void signal() {
    permit.set(true);
    Thread thread = parked.get();
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }
}

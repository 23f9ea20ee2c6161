// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock moved by hand, for code whose own threads wait for a socket and not for the clock: timers
 * run on the thread that moves it. Thread safe.
 */
final class HandTime implements TimeSource {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Due> timers = new ArrayList<>();
  private long ticks = 1;
  private int scheduled;

  private record Due(long at, Runnable task, AtomicBoolean over) {}

  void move(Duration by) {
    List<Due> due = new ArrayList<>();
    lock.lock();
    try {
      ticks += by.toNanos();
      timers.removeIf(
          timer -> {
            boolean now = timer.at() <= ticks;
            if (now) {
              due.add(timer);
            }
            return now;
          });
    } finally {
      lock.unlock();
    }
    for (Due timer : due) {
      if (timer.over().compareAndSet(false, true)) {
        timer.task().run();
      }
    }
  }

  /** Waits until that many timers have been set since the beginning. */
  void awaitScheduled(int times) throws InterruptedException {
    lock.lock();
    try {
      while (scheduled < times) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(ticks());
  }

  @Override
  public long ticks() {
    lock.lock();
    try {
      return ticks;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    AtomicBoolean over = new AtomicBoolean();
    lock.lock();
    try {
      timers.add(new Due(ticks + delay.toNanos(), task, over));
      scheduled++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return () -> over.compareAndSet(false, true);
  }

  @Override
  public Waiter waiter() {
    return TimeSource.system().waiter();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import io.agentgovernance.secret.Log;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs timers on one daemon thread, which is started with the first. Thread safe.
 *
 * <p>Most timers are limits that are cancelled long before they are due. So the thread sleeps until
 * the deadline it went to sleep for, whatever becomes of it: only a timer that is due earlier wakes
 * it. Cancelled timers are taken out at once.
 */
final class TimerThread {
  private static final Log log = Log.of(TimerThread.class);

  private final ReentrantLock lock = new ReentrantLock();

  // All below: under the lock.
  private final TimerHeap timers = new TimerHeap();
  private long lastNumber;
  private @Nullable Thread thread;
  private boolean asleep;
  private long wakesAt;

  SystemTimer schedule(long nanos, Runnable task) {
    var timer = new SystemTimer(this, System.nanoTime() + nanos, task);
    Thread early = null;
    lock.lock();
    try {
      Thread serving = thread;
      if (serving == null) {
        serving = start();
        thread = serving;
      }
      timer.number = ++lastNumber;
      timers.add(timer);
      if (asleep && timer.deadline - wakesAt < 0) {
        asleep = false;
        early = serving;
      }
    } finally {
      lock.unlock();
    }
    if (early != null) {
      LockSupport.unpark(early);
    }
    return timer;
  }

  boolean cancel(SystemTimer timer) {
    lock.lock();
    try {
      timer.task = null;
      return timers.remove(timer);
    } finally {
      lock.unlock();
    }
  }

  /** How many timers wait. */
  int size() {
    lock.lock();
    try {
      return timers.size();
    } finally {
      lock.unlock();
    }
  }

  private Thread start() {
    // The thread outlives its first caller: it must not keep that caller's context.
    var made = new Thread(null, this::serve, "governance-timer", 0, false);
    made.setContextClassLoader(TimerThread.class.getClassLoader());
    made.setDaemon(true);
    made.start();
    return made;
  }

  private void serve() {
    while (true) {
      Runnable due = nextDue();
      Thread.interrupted(); // what one task leaves behind is nothing to the next
      if (due != null) {
        run(due);
      }
    }
  }

  /** The task that is due; null after some sleep if none is. */
  private @Nullable Runnable nextDue() {
    long sleep;
    lock.lock();
    try {
      long now = System.nanoTime();
      SystemTimer first = timers.first();
      sleep = first == null ? SystemTime.LONGEST_NANOS : first.deadline - now;
      if (first != null && sleep <= 0) {
        Runnable task = first.task;
        first.task = null;
        timers.remove(first);
        return task;
      }
      asleep = true;
      wakesAt = now + sleep;
    } finally {
      lock.unlock();
    }
    LockSupport.parkNanos(this, sleep);
    return null;
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.error("timer task {} failed; other timers are not affected", task.getClass(), e);
    }
  }
}

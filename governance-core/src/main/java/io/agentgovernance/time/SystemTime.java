// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time of this machine. Thread safe. */
final class SystemTime implements TimeSource {
  static final SystemTime INSTANCE = new SystemTime();

  private static final Logger log = LoggerFactory.getLogger(SystemTime.class);

  /** Far below Long.MAX_VALUE, so that a tick count plus this may wrap but still compares well. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

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
    var timer = new SystemTimer(requireNonNull(task, "task"));
    timer.future = TimerThread.SCHEDULER.schedule(timer, nanos, TimeUnit.NANOSECONDS);
    return timer;
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

  /** Loaded with the first timer. */
  private static final class TimerThread {
    static final ScheduledThreadPoolExecutor SCHEDULER = scheduler();

    private static ScheduledThreadPoolExecutor scheduler() {
      var scheduler = new ScheduledThreadPoolExecutor(1, TimerThread::thread);
      scheduler.setRemoveOnCancelPolicy(true);
      return scheduler;
    }

    private static Thread thread(Runnable work) {
      // The thread outlives its first caller: it must not keep that caller's context.
      var thread = new Thread(null, work, "governance-timer", 0, false);
      thread.setContextClassLoader(SystemTime.class.getClassLoader());
      thread.setDaemon(true);
      return thread;
    }
  }

  private static final class SystemTimer implements Timer, Runnable {
    /** Null once the task has begun or been cancelled; a cancelled timer keeps nothing alive. */
    private final AtomicReference<@Nullable Runnable> task;

    private volatile @Nullable Future<?> future;

    SystemTimer(Runnable task) {
      this.task = new AtomicReference<>(task);
    }

    @Override
    public void run() {
      Runnable due = task.getAndSet(null);
      if (due == null) {
        return;
      }
      try {
        due.run();
      } catch (Throwable e) {
        log.error("timer task {} failed; other timers are not affected", due.getClass(), e);
      }
    }

    @Override
    public boolean cancel() {
      boolean cancelled = task.getAndSet(null) != null;
      Future<?> scheduled = future;
      if (cancelled && scheduled != null) {
        scheduled.cancel(false);
      }
      return cancelled;
    }
  }
}

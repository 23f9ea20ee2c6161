// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.secret.Log;
import io.agentgovernance.testkit.ManualWaiter.Outcome;
import io.agentgovernance.testkit.ManualWaiter.Stay;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The state behind {@link ManualTime}: the time, what is due, and who is busy, all under one
 * monitor, so that finding everything idle and moving on is one step. Timers run outside of it.
 */
final class ManualClock {
  private static final Log log = Log.of(ManualTime.class);

  /** Longer ones count as this, and as no limit. */
  private static final long FOREVER = Long.MAX_VALUE;

  private final Duration patience;
  private final TreeSet<Deadline> agenda = new TreeSet<>();
  private final BusyBook busy = new BusyBook();
  private final List<RuntimeException> timerFailures = new ArrayList<>();
  private Instant origin;
  private long elapsed;
  private long lastNumber;

  ManualClock(Instant start, Duration patience) {
    this.origin = requireNonNull(start, "start");
    this.patience = requireNonNull(patience, "patience");
  }

  static long nanos(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return FOREVER;
    }
  }

  synchronized Instant now() {
    return origin.plusNanos(elapsed);
  }

  synchronized long ticks() {
    return elapsed;
  }

  synchronized void shift(Duration by) {
    origin = origin.plus(by);
  }

  synchronized int pendingTimers() {
    return (int) agenda.stream().filter(Deadline.OfTimer.class::isInstance).count();
  }

  synchronized List<RuntimeException> timerFailures() {
    return List.copyOf(timerFailures);
  }

  void advance(long nanos) {
    long target = after(nanos);
    for (Deadline due = takeDue(target); due != null; due = takeDue(target)) {
      run(due);
    }
  }

  void advanceWhenIdle(long nanos) {
    refuseToWaitForOneself();
    long target;
    synchronized (this) {
      awaitIdle();
      target = after(nanos);
    }
    for (Deadline due = takeDueWhenIdle(target); due != null; due = takeDueWhenIdle(target)) {
      run(due);
    }
  }

  boolean advanceToNextDeadline() {
    advanceWhenIdle(0);
    long nanos;
    synchronized (this) {
      awaitIdle();
      if (agenda.isEmpty() || agenda.first().at == FOREVER) {
        return false;
      }
      nanos = Math.max(0, agenda.first().at - elapsed);
    }
    advanceWhenIdle(nanos);
    return true;
  }

  private synchronized @Nullable Deadline takeDueWhenIdle(long target) {
    awaitIdle();
    return takeDue(target);
  }

  /** Moves to the next deadline up to the target and takes it; null if none: it is the target. */
  private synchronized @Nullable Deadline takeDue(long target) {
    if (agenda.isEmpty() || agenda.first().at > target) {
      elapsed = Math.max(elapsed, target);
      return null;
    }
    Deadline next = agenda.first();
    agenda.remove(next);
    elapsed = Math.max(elapsed, next.at);
    if (next instanceof Stay stay) {
      endStay(stay, Outcome.EXPIRED);
    } else {
      busy.beginTimer();
    }
    return next;
  }

  private void run(Deadline due) {
    if (!(due instanceof Deadline.OfTimer timer)) {
      return;
    }
    try {
      timer.task.run();
    } catch (RuntimeException e) {
      log.error("timer task {} failed; other timers are not affected", timer.task.getClass(), e);
      synchronized (this) {
        timerFailures.add(e);
      }
    } finally {
      synchronized (this) {
        busy.endTimer();
        notifyIfIdle();
      }
    }
  }

  private synchronized long after(long nanos) {
    return nanos > FOREVER - elapsed ? FOREVER : elapsed + nanos;
  }

  synchronized TimeSource.Timer schedule(long nanos, Runnable task) {
    var timer = new Deadline.OfTimer(after(nanos), ++lastNumber, requireNonNull(task, "task"));
    agenda.add(timer);
    return () -> {
      synchronized (this) {
        return agenda.remove(timer);
      }
    };
  }

  synchronized ManualTask startTask(String name) {
    var task = new ManualTask(this, requireNonNull(name, "name"));
    busy.begin(task);
    return task;
  }

  synchronized void enterTask(ManualTask task) {
    busy.enter(task);
  }

  synchronized void endTask(ManualTask task) {
    busy.end(task);
    notifyIfIdle();
  }

  synchronized void startWork() {
    busy.beginWork();
  }

  synchronized void endWork() {
    busy.endWork();
    notifyIfIdle();
  }

  synchronized Stay beginStay(ManualWaiter waiter, long nanos) {
    var stay = new Stay(waiter, after(nanos), ++lastNumber);
    waiter.stay = stay;
    if (stay.at != FOREVER) {
      agenda.add(stay);
    }
    busy.beginStay(stay);
    notifyIfIdle();
    return stay;
  }

  synchronized void endStay(Stay stay, Outcome outcome) {
    stay.outcome = outcome;
    stay.waiter.stay = null;
    agenda.remove(stay);
    busy.endStay(stay);
    LockSupport.unpark(stay.thread);
  }

  private synchronized void notifyIfIdle() {
    if (busy.mayBeIdle()) {
      notifyAll();
    }
  }

  private synchronized void awaitIdle() {
    long deadline = System.nanoTime() + nanos(patience);
    while (!busy.isIdle()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(busy.describe(patience));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting until all is idle", e);
      }
    }
  }

  private synchronized void refuseToWaitForOneself() {
    ManualTask task = busy.currentTask();
    if (task != null || busy.runsTimer(Thread.currentThread())) {
      throw new IllegalStateException(
          "%s cannot wait until all is idle: it would wait for itself. Let the test's thread do it."
              .formatted(task == null ? "a timer" : "task '" + task.name + "'"));
    }
  }
}

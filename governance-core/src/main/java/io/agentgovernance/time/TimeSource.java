// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells the time and waits for it. Every wait in the library goes through one of these.
 *
 * <p>{@link #system()} is the real one; the test kit has one that a test moves by hand. All methods
 * are thread safe, and none but {@link Waiter#await} blocks.
 *
 * <p>A negative duration counts as zero. One too long for nanoseconds in a {@code long} (292 years)
 * counts as no limit.
 */
public interface TimeSource {

  /** Returns the time of day, which may jump when the clock is set. For what people read. */
  Instant now();

  /** Returns monotonic nanoseconds from an arbitrary origin. For measuring and for deadlines. */
  long ticks();

  /**
   * Runs a task once, after a delay, on the time source's own thread.
   *
   * <p>The task has to be short and must not block: all timers share that thread. What it throws is
   * logged and affects no other timer.
   */
  Timer schedule(Duration delay, Runnable task);

  /** Makes a parking place for one thread at a time. */
  Waiter waiter();

  /**
   * Notes that work is in flight until {@link #taskEnded()}, on whatever thread it is done. A time
   * source moved by hand stands still meanwhile. Does nothing by default.
   *
   * <p>For work outside of agent threads that will wake one: a write on its way, a reply to parse.
   */
  default void taskStarted() {}

  /** Ends what {@link #taskStarted()} began: call it once for each start, on any thread. */
  default void taskEnded() {}

  /**
   * Begins a task that has a thread of its own. Call it before the task is handed to that thread,
   * so that there is no moment at which the task exists and nobody knows of it.
   *
   * <p>By default it brackets the task with {@link #taskStarted()} and {@link #taskEnded()}.
   *
   * @param name what to call the task where tasks are listed
   */
  default Task startTask(String name) {
    taskStarted();
    var ended = new AtomicBoolean();
    return new Task() {
      @Override
      public void entered() {}

      @Override
      public void ended() {
        if (ended.compareAndSet(false, true)) {
          taskEnded();
        }
      }
    };
  }

  /** Returns the time of this machine. Its one timer thread is a daemon, started when needed. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /** A task to be run later. Thread safe. */
  interface Timer {

    /**
     * Keeps the task from running, if it is not too late.
     *
     * @return true if the task has not begun and never will
     */
    boolean cancel();
  }

  /**
   * Where one thread waits until another wakes it. A waiter holds at most one permit, as a {@link
   * java.util.concurrent.Semaphore} would: a signal that comes before the wait is kept, two of them
   * are kept as one.
   *
   * <p>Any thread may signal. One thread at a time may wait.
   */
  interface Waiter {

    /**
     * Waits for a signal and uses it up. An interrupted thread does not wait, and uses up nothing.
     *
     * @param atMost how long to wait; zero or less only looks
     * @return true if signalled, false if the limit has passed
     * @throws InterruptedException if the thread is or gets interrupted; clears the flag
     * @throws IllegalStateException if another thread waits here
     */
    boolean await(Duration atMost) throws InterruptedException;

    /** Wakes the waiting thread, or lets the next wait return at once. Never blocks. */
    void signal();
  }

  /** A task that has a thread of its own. */
  interface Task {

    /**
     * Makes the calling thread the task's, until the task ends: when this thread waits at a {@link
     * Waiter}, the task is idle. Call it once, on that thread.
     */
    void entered();

    /**
     * Ends the task. Further calls do nothing. Any thread may call it: one that gives up on the
     * task ends it although its thread is still busy.
     */
    void ended();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Time that stands still until a test moves it.
 *
 * <p>Give it to what is tested in place of {@link TimeSource#system()}. Two minutes then pass in no
 * time, and always with the same result: {@link #advanceWhenIdle(Duration)} moves from one deadline
 * to the next, and each time first waits until every agent has done what it could.
 *
 * <pre>{@code
 * var time = ManualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
 * TimeSource.Waiter waiter = time.waiter();
 * var fired = new ArrayList<Instant>();
 * time.schedule(Duration.ofSeconds(30), () -> fired.add(time.now()));
 *
 * time.advanceWhenIdle(Duration.ofMinutes(2));
 *
 * assertThat(fired).containsExactly(Instant.parse("2026-01-01T00:00:30Z"));
 * }</pre>
 *
 * <h2>Idle</h2>
 *
 * <p>A task begun with {@link #startTask} is busy from that moment until it has ended, except while
 * its own thread waits at a {@link TimeSource.Waiter} of this time source and has been neither
 * signalled, nor interrupted, nor passed by its limit. Whoever signals, interrupts or moves time
 * makes it busy again in the same instant, so there is no gap in which it looks idle. Work
 * bracketed with {@link #taskStarted} and {@link #taskEnded} is busy in between. All is idle when
 * nothing is busy and no timer runs. What other threads do is not seen: a thread that is no task
 * may wait and signal, and counts neither way.
 *
 * <p>Waiting for idle is itself bounded in real time: after 30 seconds, or the patience given, it
 * fails with an {@link AssertionError} that lists what is busy and where.
 *
 * <p>Thread safe. Timers run on the thread that advances. A timer's {@link RuntimeException}
 * affects nobody, as with the real time, and is kept in {@link #timerFailures()}; an {@link Error},
 * such as a failed assertion, reaches whoever advances.
 */
public final class ManualTime implements TimeSource {

  /** How long, in real time, to wait for idle. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

  private final ManualClock clock;

  private ManualTime(Instant start, Duration patience) {
    this.clock = new ManualClock(start, patience);
  }

  /** Makes a time that stands at an instant, with zero ticks. */
  public static ManualTime startingAt(Instant start) {
    return startingAt(start, DEFAULT_PATIENCE);
  }

  /**
   * Makes a time that stands at an instant, with zero ticks.
   *
   * @param patience how long to wait for idle, in real time, before failing
   */
  public static ManualTime startingAt(Instant start, Duration patience) {
    return new ManualTime(start, patience);
  }

  /**
   * Moves time at once, whatever is busy. Runs the timers due by then in their order, each at its
   * own instant, on this thread, and ends the waits whose limit passes. For what never gets idle;
   * in all other cases prefer {@link #advanceWhenIdle(Duration)}.
   *
   * @throws IllegalArgumentException if negative: time does not go back
   */
  public void advance(Duration by) {
    clock.advance(nanosForward(by));
  }

  /**
   * Moves time step by step, as it would pass: waits until all is idle, moves to the next deadline,
   * runs it on this thread, waits until all is idle again, and so on. When it returns all is idle
   * and the time has moved by exactly this much, reckoned from when all was idle first.
   *
   * @throws AssertionError if something stays busy
   * @throws IllegalArgumentException if negative: time does not go back
   * @throws IllegalStateException if called by a task or a timer, which would wait for itself, or
   *     if interrupted, with the flag kept
   */
  public void advanceWhenIdle(Duration by) {
    clock.advanceWhenIdle(nanosForward(by));
  }

  /**
   * Moves time, once all is idle, to the next deadline of a timer or a wait; then waits until all
   * is idle again.
   *
   * <pre>{@code
   * while (!run.completion().isDone()) {
   *   assertThat(time.advanceWhenIdle()).as("there is something to wait for").isTrue();
   * }
   * }</pre>
   *
   * @return false if there is no deadline, and time has not moved
   * @throws AssertionError if something stays busy
   * @throws IllegalStateException as with {@link #advanceWhenIdle(Duration)}
   */
  public boolean advanceWhenIdle() {
    return clock.advanceToNextDeadline();
  }

  /**
   * Moves time from deadline to deadline until a future is done, such as the completion of a run.
   * With no deadline left it waits in real time, because what completes a future need not be a
   * task.
   *
   * <pre>{@code
   * OrchestrationResult result = time.advanceUntilDone(run.completion());
   * }</pre>
   *
   * @return what the future was completed with
   * @throws AssertionError if something stays busy, or nothing completes the future in 30 seconds
   * @throws java.util.concurrent.CompletionException if the future fails
   * @throws IllegalStateException as with {@link #advanceWhenIdle(Duration)}
   */
  public <T> T advanceUntilDone(CompletableFuture<T> future) {
    while (!future.isDone() && advanceWhenIdle()) {
      awaitIdle();
    }
    try {
      return future.copy().orTimeout(DEFAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new AssertionError(
            "at " + now() + " there is no deadline left and nothing completes the future", e);
      }
      throw e;
    }
  }

  /**
   * Waits until all is idle; time stands still. Timers already due run on this thread.
   *
   * @throws AssertionError if something stays busy
   * @throws IllegalStateException as with {@link #advanceWhenIdle(Duration)}
   */
  public void awaitIdle() {
    clock.advanceWhenIdle(0);
  }

  /**
   * Sets the time of day forward or back, as an administrator does. {@link #ticks()}, timers and
   * waits are not affected.
   */
  public void shiftClock(Duration by) {
    clock.shift(by);
  }

  /** Returns how many timers are yet to run: none, if what is tested cleans up after itself. */
  public int pendingTimers() {
    return clock.pendingTimers();
  }

  /** Returns what timers have thrown so far, oldest first. */
  public List<RuntimeException> timerFailures() {
    return clock.timerFailures();
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  /** Returns the nanoseconds by which this time has been advanced since it was made. */
  @Override
  public long ticks() {
    return clock.ticks();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return clock.schedule(ManualClock.nanos(delay), task);
  }

  @Override
  public Waiter waiter() {
    return new ManualWaiter(clock);
  }

  @Override
  public void taskStarted() {
    clock.startWork();
  }

  @Override
  public void taskEnded() {
    clock.endWork();
  }

  @Override
  public Task startTask(String name) {
    return clock.startTask(name);
  }

  /** Says what time it is. */
  @Override
  public String toString() {
    return "ManualTime[" + now() + "]";
  }

  private static long nanosForward(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back, but was to advance by " + by);
    }
    return ManualClock.nanos(by);
  }
}

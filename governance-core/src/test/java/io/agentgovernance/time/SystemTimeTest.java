// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SystemTimeTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final TimeSource time = TimeSource.system();

  @Test
  void ticksNeverGoBack() {
    long first = time.ticks();

    assertThat(time.ticks() - first).isNotNegative();
  }

  @Test
  void aTimerRunsOnTheDaemonTimerThread() throws Exception {
    var thread = new CompletableFuture<Thread>();

    time.schedule(Duration.ZERO, () -> thread.complete(Thread.currentThread()));

    assertThat(thread.get(30, SECONDS).getName()).isEqualTo("governance-timer");
    assertThat(thread.get().isDaemon()).isTrue();
  }

  @Test
  void aThrowingTimerHurtsNobody() throws Exception {
    var next = new CompletableFuture<Thread>();

    time.schedule(
        Duration.ZERO,
        () -> {
          throw new AssertionError("thrown on purpose by SystemTimeTest");
        });
    time.schedule(Duration.ZERO, () -> next.complete(Thread.currentThread()));

    assertThat(next.get(30, SECONDS).getName()).isEqualTo("governance-timer");
  }

  @Test
  void anInterruptLeftBehindByATimerDoesNotReachTheNext() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();

    time.schedule(Duration.ZERO, () -> Thread.currentThread().interrupt());
    time.schedule(Duration.ZERO, () -> interrupted.complete(Thread.interrupted()));

    assertThat(interrupted.get(30, SECONDS)).isFalse();
  }

  @Test
  void aCancelledTimerNeverRuns() throws Exception {
    var runs = new AtomicInteger();
    var end = new CountDownLatch(1);

    TimeSource.Timer timer = time.schedule(LONG, runs::incrementAndGet);

    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    time.schedule(Duration.ofNanos(1), end::countDown);
    assertThat(end.await(30, SECONDS)).isTrue();
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTimerThatHasBegunCannotBeCancelled() throws Exception {
    var begun = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    TimeSource.Timer timer =
        time.schedule(
            Duration.ZERO,
            () -> {
              begun.countDown();
              awaitUninterruptibly(finish);
            });
    assertThat(begun.await(30, SECONDS)).isTrue();

    boolean cancelled = timer.cancel();
    finish.countDown();

    assertThat(cancelled).isFalse();
  }

  @Test
  void exactlyOneOfRunAndCancelWins() throws Exception {
    for (int round = 0; round < 5_000; round++) {
      var runs = new AtomicInteger();
      TimeSource.Timer timer = time.schedule(Duration.ofNanos(1), runs::incrementAndGet);
      boolean cancelled = timer.cancel();
      var barrier = new CountDownLatch(1);
      time.schedule(Duration.ofNanos(1), barrier::countDown);
      assertThat(barrier.await(30, SECONDS)).isTrue();

      assertThat(runs.get()).isEqualTo(cancelled ? 0 : 1);
    }
  }

  @Test
  void aNegativeDelayIsNone() throws Exception {
    var ran = new CountDownLatch(1);

    time.schedule(Duration.ofDays(-1), ran::countDown);

    assertThat(ran.await(30, SECONDS)).isTrue();
  }

  @Test
  void aDurationTooLongForNanosecondsIsAccepted() {
    assertThat(time.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> {}).cancel()).isTrue();
    assertThat(SystemTime.nanos(Duration.ofSeconds(Long.MAX_VALUE))).isPositive();
    assertThat(SystemTime.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
  }

  @Test
  void aTaskIsBracketedOnceWhoeverEndsIt() {
    var open = new AtomicInteger();
    TimeSource counting = new CountingTime(open);

    TimeSource.Task task = counting.startTask("task");
    task.entered();
    assertThat(open).hasValue(1);
    task.ended();
    task.ended();

    assertThat(open).hasValue(0);
  }

  @Test
  void aNullIsRefusedAtTheCall() {
    assertThatThrownBy(() -> time.schedule(LONG, null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> time.schedule(null, () -> {}))
        .isInstanceOf(NullPointerException.class);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A time source written against the two hooks only. */
  private record CountingTime(AtomicInteger open) implements TimeSource {
    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long ticks() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return () -> false;
    }

    @Override
    public Waiter waiter() {
      return new ParkingWaiter();
    }

    @Override
    public void taskStarted() {
      open.incrementAndGet();
    }

    @Override
    public void taskEnded() {
      open.decrementAndGet();
    }
  }
}

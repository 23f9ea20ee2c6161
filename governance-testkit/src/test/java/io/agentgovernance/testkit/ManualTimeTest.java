// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualTime time = ManualTime.startingAt(START);
  private final List<String> fired = new ArrayList<>();

  @Test
  void timeStandsStillUntilItIsMoved() {
    assertThat(time.now()).isEqualTo(START);
    assertThat(time.ticks()).isZero();

    time.advance(seconds(2));

    assertThat(time.now()).isEqualTo(START.plusSeconds(2));
    assertThat(time.ticks()).isEqualTo(2_000_000_000L);
    assertThat(time).hasToString("ManualTime[2026-01-01T00:00:02Z]");
  }

  @Test
  void timersRunInOrderEachAtItsInstant() {
    timer("third", 3);
    timer("first", 1);
    timer("second, made first", 2);
    timer("second, made last", 2);
    timer("too late", 5);

    time.advance(seconds(4));

    assertThat(fired)
        .containsExactly(
            "first at 1", "second, made first at 2", "second, made last at 2", "third at 3");
    assertThat(time.pendingTimers()).isEqualTo(1);
  }

  @Test
  void aTimerMadeByATimerRunsInTheSameAdvance() {
    time.schedule(
        seconds(1),
        () -> {
          timer("made by a timer", 2);
          timer("too late", 9);
        });

    time.advance(seconds(4));

    assertThat(fired).containsExactly("made by a timer at 3");
  }

  @Test
  void aTimerMayAdvanceTimeItself() {
    time.schedule(seconds(1), () -> time.advance(seconds(5)));
    timer("in between", 3);

    time.advance(seconds(2));

    assertThat(fired).containsExactly("in between at 3");
    assertThat(time.now()).isEqualTo(START.plusSeconds(6));
  }

  @Test
  void aCancelledTimerDoesNotRun() {
    TimeSource.Timer timer = time.schedule(seconds(1), () -> fired.add("cancelled"));

    assertThat(timer.cancel()).isTrue();
    assertThat(timer.cancel()).isFalse();
    time.advance(seconds(2));

    assertThat(fired).isEmpty();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void aTimerThatRunsOrHasRunCannotBeCancelled() {
    var timer = new TimeSource.Timer[1];
    timer[0] = time.schedule(seconds(1), () -> fired.add("cancelled " + timer[0].cancel()));

    time.advance(seconds(1));

    assertThat(fired).containsExactly("cancelled false");
    assertThat(timer[0].cancel()).isFalse();
  }

  @Test
  void aTimerDueAtOnceRunsWhenAllIsIdle() {
    timer("due", 0);
    timer("overdue", -1);

    time.awaitIdle();

    assertThat(fired).containsExactly("due at 0", "overdue at 0");
  }

  @Test
  void aThrowingTimerHurtsNobodyAndIsKept() {
    var failure = new IllegalStateException("thrown on purpose by ManualTimeTest");
    time.schedule(
        seconds(1),
        () -> {
          throw failure;
        });
    timer("next", 1);

    time.advance(seconds(1));

    assertThat(fired).containsExactly("next at 1");
    assertThat(time.timerFailures()).containsExactly(failure);
  }

  @Test
  void anAssertionThatFailsInATimerFailsTheTest() {
    time.schedule(
        seconds(1),
        () -> {
          throw new AssertionError("not as expected");
        });

    assertThatThrownBy(() -> time.advance(seconds(1))).hasMessage("not as expected");

    time.awaitIdle();
  }

  @Test
  void advancingToTheNextDeadlineSaysIfThereWasOne() {
    timer("first", 60);
    timer("second", 90);

    assertThat(time.advanceWhenIdle()).isTrue();
    assertThat(fired).containsExactly("first at 60");
    assertThat(time.advanceWhenIdle()).isTrue();
    assertThat(time.advanceWhenIdle()).isFalse();
    assertThat(time.now()).isEqualTo(START.plusSeconds(90));
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> time.advance(seconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> time.advanceWhenIdle(seconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theClockMayBeSetWithoutTimePassing() {
    timer("timer", 10);

    time.shiftClock(Duration.ofDays(-1));
    time.advance(seconds(10));

    assertThat(time.now()).isEqualTo(START.minus(Duration.ofDays(1)).plusSeconds(10));
    assertThat(time.ticks()).isEqualTo(seconds(10).toNanos());
    assertThat(fired).hasSize(1);
  }

  @Test
  void aSignalBeforeTheWaitIsKeptOnce() throws Exception {
    TimeSource.Waiter waiter = time.waiter();
    waiter.signal();
    waiter.signal();

    assertThat(waiter.await(seconds(1))).isTrue();
    assertThat(waiter.await(Duration.ZERO)).isFalse();
    assertThat(waiter.await(seconds(-1))).isFalse();
  }

  @Test
  void anInterruptedThreadUsesUpNothing() throws Exception {
    TimeSource.Waiter waiter = time.waiter();
    waiter.signal();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> waiter.await(seconds(1))).isInstanceOf(InterruptedException.class);

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(waiter.await(Duration.ZERO)).isTrue();
  }

  @Test
  void aDurationTooLongForNanosecondsIsNoLimit() {
    time.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> fired.add("never"));

    assertThat(time.advanceWhenIdle()).isFalse();
    time.advance(Duration.ofDays(100_000));

    assertThat(fired).isEmpty();
  }

  private void timer(String name, long seconds) {
    time.schedule(
        seconds(seconds),
        () -> fired.add(name + " at " + Duration.between(START, time.now()).toSeconds()));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}

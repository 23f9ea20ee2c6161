// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.internal.concurrent.Admission;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.internal.concurrent.AgentThreads;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What counts as idle, with the real agent threads. */
class ManualTimeIdleTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** How long the tests of something that stays busy take. */
  private static final Duration IMPATIENT = Duration.ofMillis(20);

  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final ManualTime impatient = ManualTime.startingAt(Instant.EPOCH, IMPATIENT);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final List<AgentThreads> opened = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void close() {
    finish.countDown();
    opened.forEach(AgentThreads::close);
  }

  @Test
  void aWaitEndsWhenItsLimitPasses() {
    TimeSource.Waiter waiter = time.waiter();
    Admission run = admit(time, 1);
    run.start("alpha", () -> see(await(waiter, SECOND)));

    time.advanceWhenIdle(SECOND.minusNanos(1));
    assertThat(seen).isEmpty();
    time.advanceWhenIdle(Duration.ofNanos(1));

    assertThat(seen).containsExactly("false at PT1S");
  }

  @Test
  void aSignalEndsTheWaitAtTheInstantItComes() {
    TimeSource.Waiter waiter = time.waiter();
    Admission run = admit(time, 1);
    run.start("alpha", () -> see(await(waiter, SECOND)));
    time.schedule(SECOND.dividedBy(2), waiter::signal);

    assertThat(time.advanceWhenIdle()).isTrue();

    assertThat(seen).containsExactly("true at PT0.5S");
    assertThat(time.advanceWhenIdle()).as("the limit of an ended wait is forgotten").isFalse();
  }

  @Test
  void eachStepWaitsForWhatTheLastOneCaused() {
    TimeSource.Waiter waiter = time.waiter();
    Admission run = admit(time, 1);
    run.start(
        "alpha",
        () -> {
          for (int i = 0; i < 5; i++) {
            see(await(waiter, SECOND));
          }
        });

    time.advanceWhenIdle(SECOND.multipliedBy(3));

    assertThat(seen).containsExactly("false at PT1S", "false at PT2S", "false at PT3S");
  }

  @Test
  void aTaskIsBusyBeforeItHasAThread() {
    var held = new ArrayList<Runnable>();
    AgentThreads threads = open(impatient, Workers.executor(held::add, 1));
    threads.admit(1, run -> run.start("alpha", () -> {}), refusal -> {});

    assertThatThrownBy(impatient::awaitIdle)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 of 1 tasks are busy")
        .hasMessageContaining("task 'alpha' has been started and has no thread yet");
  }

  @Test
  void whatStaysBusyIsListedWithItsPlace() throws Exception {
    Admission run = admit(impatient, 2);
    TimeSource.Waiter waiter = impatient.waiter();
    run.start("waiting", () -> await(waiter, SECOND));
    stuck(run);

    assertThatThrownBy(() -> impatient.advanceWhenIdle(SECOND))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not idle after PT0.02S of real time")
        .hasMessageContaining("task 'stuck' on governance-agent-")
        .hasMessageContaining("ManualTimeIdleTest.awaitStubbornly");

    assertThat(impatient.ticks()).isZero();
  }

  @Test
  void anAbandonedTaskIsBusyNoMore() throws Exception {
    Admission run = admit(time, 1);
    AgentTask task = stuck(run);

    task.abandon();
    time.advanceWhenIdle(SECOND);

    assertThat(time.ticks()).isEqualTo(SECOND.toNanos());
  }

  @Test
  void aTaskAbandonedWhileItWaitsIsBusyNoMore() throws Exception {
    TimeSource.Waiter waiter = time.waiter();
    Admission run = admit(time, 1);
    var ended = new CountDownLatch(1);
    AgentTask task = run.start("alpha", () -> await(waiter, SECOND));
    task.onEnd(ended::countDown);
    time.awaitIdle();

    task.abandon();
    time.awaitIdle();
    waiter.signal();

    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    time.awaitIdle();
  }

  @Test
  void workInFlightIsBusy() {
    impatient.taskStarted();

    assertThatThrownBy(impatient::awaitIdle).hasMessageContaining("work in flight: 1");

    impatient.taskEnded();
    impatient.awaitIdle();
    assertThatThrownBy(impatient::taskEnded).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aThreadThatIsNoTaskCountsNeitherWay() throws Exception {
    TimeSource.Waiter waiter = impatient.waiter();
    var stranger = new Thread(() -> see(await(waiter, SECOND)));
    stranger.start();
    while (stranger.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    stuck(admit(impatient, 1));

    assertThatThrownBy(() -> impatient.advanceWhenIdle(SECOND)).isInstanceOf(AssertionError.class);
    impatient.advance(SECOND);
    stranger.join();

    assertThat(seen).containsExactly("false at PT1S");
  }

  @Test
  void aTaskOrATimerCannotWaitForItself() {
    Admission run = admit(time, 1);
    AgentTask task = run.start("alpha", () -> time.awaitIdle());
    time.awaitIdle();

    assertThat(task.failure())
        .containsInstanceOf(IllegalStateException.class)
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("task 'alpha' cannot wait"));

    time.schedule(Duration.ZERO, time::awaitIdle);
    time.awaitIdle();
    assertThat(time.timerFailures())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("a timer cannot wait"));
  }

  @Test
  void anInterruptedTestStopsWaitingAndKeepsItsFlag() {
    time.taskStarted();
    Thread.currentThread().interrupt();

    assertThatThrownBy(time::awaitIdle).isInstanceOf(IllegalStateException.class);

    assertThat(Thread.interrupted()).isTrue();
    time.taskEnded();
  }

  @Test
  void oneThreadIsOneTask() {
    TimeSource.Task first = time.startTask("first");
    TimeSource.Task second = time.startTask("second");
    first.entered();

    assertThatThrownBy(second::entered).hasMessageContaining("the thread of task 'first'");
    assertThatThrownBy(first::entered).isInstanceOf(IllegalStateException.class);

    first.ended();
    first.ended();
    second.ended();
    second.entered();
    time.awaitIdle();
  }

  private Admission admit(ManualTime source, int size) {
    return open(source, Workers.virtualIfAvailable()).admit(size, run -> {}, refusal -> {});
  }

  private AgentThreads open(ManualTime source, Workers workers) {
    var threads = new AgentThreads(workers, source, ContextPropagator.none());
    opened.add(threads);
    return threads;
  }

  private AgentTask stuck(Admission run) throws InterruptedException {
    var begun = new CountDownLatch(1);
    AgentTask task =
        run.start(
            "stuck",
            () -> {
              begun.countDown();
              awaitStubbornly(finish);
            });
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    return task;
  }

  private void see(boolean signalled) {
    ManualTime source = time.ticks() > 0 ? time : impatient;
    seen.add(signalled + " at " + Duration.ofNanos(source.ticks()));
  }

  private static boolean await(TimeSource.Waiter waiter, Duration limit) {
    try {
      return waiter.await(limit);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException ignored) {
        // That is the point.
      }
    }
  }
}

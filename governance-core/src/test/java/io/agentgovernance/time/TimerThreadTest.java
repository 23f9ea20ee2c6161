// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimerThreadTest {
  private static final long DAY = Duration.ofDays(1).toNanos();

  private final TimerThread timers = new TimerThread();

  @Test
  void aCancelledTimerIsTakenOutAtOnce() {
    SystemTimer first = timers.schedule(DAY, () -> {});
    SystemTimer second = timers.schedule(2 * DAY, () -> {});

    assertThat(first.cancel()).isTrue();
    assertThat(timers.size()).isEqualTo(1);
    assertThat(second.cancel()).isTrue();
    assertThat(timers.size()).isZero();
    assertThat(first.task).isNull();
  }

  @Test
  void aTimerDueEarlierThanTheOneSleptForRuns() throws Exception {
    var ran = new CountDownLatch(2);
    timers.schedule(DAY, () -> {});

    timers.schedule(1_000_000, ran::countDown);
    timers.schedule(0, ran::countDown);

    assertThat(ran.await(30, SECONDS)).isTrue();
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void aTimerDueLaterThanACancelledOneRuns() throws Exception {
    var ran = new CountDownLatch(1);
    SystemTimer sleptFor = timers.schedule(1_000_000, () -> {});
    timers.schedule(2_000_000, ran::countDown);

    sleptFor.cancel();

    assertThat(ran.await(30, SECONDS)).isTrue();
  }

  @Test
  void everyTimerRunsOrIsCancelledUnderManyThreads() throws Exception {
    var ended = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 4; t++) {
      var random = new Random(t);
      var thread =
          new Thread(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  SystemTimer timer =
                      timers.schedule(random.nextInt(200_000), ended::incrementAndGet);
                  if (random.nextBoolean() && timer.cancel()) {
                    ended.incrementAndGet();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (var thread : threads) {
      thread.join(30_000);
    }
    var last = new CountDownLatch(1);
    timers.schedule(200_000, last::countDown);
    assertThat(last.await(30, SECONDS)).isTrue();

    assertThat(ended).hasValue(20_000);
    assertThat(timers.size()).isZero();
  }

  @Test
  void theHeapGivesTimersInTheOrderOfDeadlineThenAge() {
    var random = new Random(7);
    var heap = new TimerHeap();
    List<SystemTimer> in = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      var timer = new SystemTimer(timers, random.nextInt(100), () -> {});
      timer.number = i;
      heap.add(timer);
      in.add(timer);
      if (random.nextInt(3) == 0) {
        SystemTimer out = in.remove(random.nextInt(in.size()));
        assertThat(heap.remove(out)).isTrue();
        assertThat(heap.remove(out)).isFalse();
      }
    }
    in.sort((a, b) -> a.dueBefore(b) ? -1 : 1);

    List<SystemTimer> given = new ArrayList<>();
    for (SystemTimer first = heap.first(); first != null; first = heap.first()) {
      given.add(first);
      heap.remove(first);
    }

    assertThat(given).containsExactlyElementsOf(in);
  }
}

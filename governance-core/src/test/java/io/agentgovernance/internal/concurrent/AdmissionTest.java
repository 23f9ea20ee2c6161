// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.AdmissionRefusedException.Reason;
import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private AgentThreads threads = threads(4, 3);
  private final List<String> admitted = new ArrayList<>();

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void aRunIsAdmittedAtOnceWhenAllItsThreadsAreFree() {
    Admission run = admit(4, "run");

    assertThat(admitted).containsExactly("run");
    assertThat(run.admitted()).isTrue();
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 0, 0, 0, 0, 0));
  }

  @Test
  void aRunWaitsUntilAllItsThreadsAreFree() {
    Admission first = admit(2, "first");
    Admission second = admit(1, "second");
    Admission big = admit(4, "big");

    assertThat(big.admitted()).isFalse();
    first.release();
    assertThat(big.admitted()).isFalse();
    second.release();

    assertThat(big.admitted()).isTrue();
    assertThat(admitted).containsExactly("first", "second", "big");
  }

  @Test
  void aSmallRunNeverOvertakesABigOne() {
    Admission first = admit(2, "first");
    admit(3, "big");
    admit(1, "small");

    assertThat(admitted).containsExactly("first");
    first.release();

    assertThat(admitted).containsExactly("first", "big", "small");
  }

  @Test
  void releasingTwiceGivesBackOnce() {
    Admission run = admit(3, "run");

    run.release();
    run.release();

    assertThat(threads.counters().free()).isEqualTo(4);
    assertThat(run.admitted()).isFalse();
  }

  @Test
  void aRunThatGivesUpWaitingMakesWayForTheNext() {
    Admission first = admit(3, "first");
    Admission big = admit(4, "big");
    Admission small = admit(1, "small");

    assertThat(big.cancel()).isTrue();
    assertThat(big.cancel()).isFalse();

    assertThat(small.admitted()).isTrue();
    assertThat(admitted).containsExactly("first", "small");
    assertThat(first.cancel()).isFalse();
    assertThat(threads.counters().free()).isZero();
  }

  @Test
  void releasingAWaitingRunTakesItOutOfTheQueue() {
    admit(4, "first");
    Admission waiting = admit(1, "waiting");

    waiting.release();

    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 0, 0, 0, 0, 0));
  }

  @Test
  void aTeamLargerThanThePoolIsRefusedAtOnce() {
    var refusal =
        catchThrowableOfType(AdmissionRefusedException.class, () -> admit(5, "too large"));

    assertThat(refusal.reason()).isEqualTo(Reason.TEAM_TOO_LARGE);
    assertThat(refusal.retryable()).isFalse();
    assertThat(refusal).hasMessageContaining("needs 5").hasMessageContaining("there are 4");
    assertThat(admitted).isEmpty();
  }

  @Test
  void aFullQueueRefusesAndSaysSo() {
    admit(4, "running");
    IntStream.range(0, 3).forEach(i -> admit(1, "waiting"));

    var refusal = catchThrowableOfType(AdmissionRefusedException.class, () -> admit(1, "late"));

    assertThat(refusal.reason()).isEqualTo(Reason.QUEUE_FULL);
    assertThat(refusal.retryable()).isTrue();
    assertThat(refusal)
        .hasMessageContaining("3 runs are waiting")
        .hasMessageContaining("at most 3");
    assertThat(threads.counters().queued()).isEqualTo(3);
  }

  @Test
  void noThreadsIsNotARun() {
    assertThatThrownBy(() -> admit(0, "none")).isInstanceOf(BadInputException.class);
  }

  @Test
  void negativeLimitsAreRefused() {
    assertThatThrownBy(() -> new AgentThreads.Limits(-1, 0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new AgentThreads.Limits(0, -1)).isInstanceOf(BadInputException.class);
  }

  @Test
  void theDefaultsReplaceHalfOfTheThreadsAndAtLeastOne() {
    assertThat(AgentThreads.Limits.of(Workers.platform(9)))
        .isEqualTo(new AgentThreads.Limits(10_000, 4));
    assertThat(AgentThreads.Limits.of(Workers.platform(1)).maxAbandoned()).isEqualTo(1);
  }

  @Test
  void aRunThatFailsWhenAdmittedGivesItsThreadsBack() {
    Consumer<Admission> failing =
        run -> {
          throw new IllegalStateException("thrown on purpose by AdmissionTest");
        };

    Admission run = threads.admit(4, failing, AdmissionTest::neverRefused);

    assertThat(run.admitted()).isFalse();
    assertThat(threads.counters().free()).isEqualTo(4);
  }

  @Test
  void closingRefusesWhoWaitsAndWhoComes() {
    Admission running = admit(4, "running");
    var refusals = new ArrayList<Reason>();
    threads.admit(
        1,
        run -> admitted.add("waiting"),
        refusal -> {
          refusals.add(refusal.reason());
          throw new IllegalStateException("thrown on purpose by AdmissionTest");
        });
    threads.admit(1, run -> admitted.add("waiting"), refusal -> refusals.add(refusal.reason()));

    threads.close();
    threads.close();
    running.release();

    assertThat(refusals).containsExactly(Reason.CLOSED, Reason.CLOSED);
    assertThat(admitted).containsExactly("running");
    assertThat(
            catchThrowableOfType(AdmissionRefusedException.class, () -> admit(1, "late")).reason())
        .isEqualTo(Reason.CLOSED);
  }

  @Test
  void aLongQueueOfRunsThatEndAtOnceDoesNotNestCalls() {
    threads = threads(1, 100_000);
    Admission first = admit(1, "first");
    var ended = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      threads.admit(
          1,
          run -> {
            ended.incrementAndGet();
            run.release();
          },
          AdmissionTest::neverRefused);
    }

    first.release();

    assertThat(ended).hasValue(100_000);
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(1, 1, 0, 0, 0, 0));
  }

  @Test
  void grantsKeepTheOrderOfArrival() {
    threads = threads(7, 10_000);
    Admission all = admit(7, "all");
    var order = new ArrayList<Integer>();
    var random = new Random(42);
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      threads.admit(
          1 + random.nextInt(5),
          run -> {
            order.add(number);
            run.release();
          },
          AdmissionTest::neverRefused);
    }

    all.release();

    assertThat(order).isSorted().hasSize(10_000);
  }

  private Admission admit(int size, String name) {
    return threads.admit(size, run -> admitted.add(name), refusal -> {});
  }

  private static void neverRefused(AdmissionRefusedException refusal) {
    throw new AssertionError(refusal);
  }

  private static AgentThreads threads(int maxThreads, int maxQueued) {
    return new AgentThreads(
        Workers.platform(maxThreads),
        TimeSource.system(),
        ContextPropagator.none(),
        new AgentThreads.Limits(maxQueued, 1));
  }
}

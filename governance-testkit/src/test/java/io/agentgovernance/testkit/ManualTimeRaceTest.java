// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Time never moves while something is about to happen, and nothing waits for ever. */
class ManualTimeRaceTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> noise = new ArrayList<>();

  static List<Workers> kinds() {
    return List.of(Workers.virtualIfAvailable(), Workers.platform(8));
  }

  @AfterEach
  void stopTheNoise() throws InterruptedException {
    over.set(true);
    for (Thread thread : noise) {
      thread.join();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void timeNeverMovesWhileAPingIsInFlight(Workers workers) {
    int pauses = 2_000;
    int pingsBetween = 10;
    try (var threads = threads(workers)) {
      Admission run = threads.admit(2, admitted -> {}, refusal -> {});
      TimeSource.Waiter ping = time.waiter();
      TimeSource.Waiter pong = time.waiter();
      TimeSource.Waiter pause = time.waiter();
      var inFlight = new AtomicInteger();
      var answered = new AtomicInteger();
      AgentTask beta =
          run.start(
              "beta",
              () -> {
                for (int i = 0; i < pauses * pingsBetween; i++) {
                  expect(await(ping, HOUR), "ping " + i + " is lost");
                  answered.incrementAndGet();
                  pong.signal();
                }
              });
      AgentTask alpha =
          run.start(
              "alpha",
              () -> {
                for (int i = 0; i < pauses; i++) {
                  inFlight.incrementAndGet();
                  for (int j = 0; j < pingsBetween; j++) {
                    ping.signal();
                    expect(await(pong, HOUR), "pong " + i + "/" + j + " is lost");
                  }
                  inFlight.decrementAndGet();
                  expect(!await(pause, MILLI), "pause " + i + " was signalled");
                  expect(
                      time.ticks() == (i + 1) * MILLI.toNanos(), "after " + i + ": " + time.now());
                }
              });

      int advances = 0;
      while (time.advanceWhenIdle()) {
        expect(inFlight.get() == 0, "time moved while a ping was in flight");
        advances++;
      }

      assertThat(problems).isEmpty();
      assertThat(alpha.ended() && beta.ended()).isTrue();
      assertThat(answered).hasValue(pauses * pingsBetween);
      assertThat(advances).isEqualTo(pauses);
      assertThat(time.ticks()).isEqualTo(pauses * MILLI.toNanos());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInterruptedTaskIsBusyFromTheMomentOfTheInterrupt(Workers workers) {
    int interrupts = 3_000;
    makeNoise();
    try (var threads = threads(workers)) {
      Admission run = threads.admit(1, admitted -> {}, refusal -> {});
      TimeSource.Waiter waiter = time.waiter();
      var handled = new AtomicInteger();
      AgentTask task =
          run.start(
              "alpha",
              () -> {
                while (handled.get() < interrupts) {
                  try {
                    expect(waiter.await(HOUR), "time moved while an interrupt was on its way");
                  } catch (InterruptedException e) {
                    handled.incrementAndGet();
                  }
                }
              });

      for (int i = 0; i < interrupts; i++) {
        time.awaitIdle();
        task.interrupt();
        time.awaitIdle();
        expect(handled.get() == i + 1, "interrupt " + i + " was not handled when all was idle");
      }

      assertThat(problems).isEmpty();
      assertThat(time.ticks()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aTaskIsBusyOnItsWayToItsThread(Workers workers) {
    try (var threads = threads(workers)) {
      var ran = new AtomicInteger();
      for (int i = 0; i < 3_000; i++) {
        threads.admit(
            1,
            run ->
                run.start("alpha", () -> time.schedule(MILLI, ran::incrementAndGet))
                    .onEnd(run::release),
            refusal -> {});
        time.advanceWhenIdle(MILLI);
        expect(ran.get() == i + 1, "time moved before task " + i + " had run");
      }
    }

    assertThat(problems).isEmpty();
  }

  @Test
  void aRunThatWaitsForThreadsIsStartedBeforeTimeMoves() {
    try (var threads = new AgentThreads(Workers.platform(1), time, ContextPropagator.none())) {
      var ran = new AtomicInteger();
      int runs = 2_000;
      for (int i = 0; i < runs; i++) {
        threads.admit(
            1,
            run ->
                run.start(
                        "alpha",
                        () -> {
                          ran.incrementAndGet();
                          expect(time.ticks() == 0, "time moved while runs were being admitted");
                        })
                    .onEnd(run::release),
            refusal -> {});
      }

      time.advanceWhenIdle(MILLI);

      assertThat(ran).hasValue(runs);
    }

    assertThat(problems).isEmpty();
  }

  private AgentThreads threads(Workers workers) {
    return new AgentThreads(workers, time, ContextPropagator.none());
  }

  /** Threads that contend for the clock. */
  private void makeNoise() {
    for (int i = 0; i < 2; i++) {
      var thread =
          new Thread(
              () -> {
                while (!over.get()) {
                  time.ticks();
                }
              });
      thread.setDaemon(true);
      noise.add(thread);
      thread.start();
    }
  }

  private void expect(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }

  private static boolean await(TimeSource.Waiter waiter, Duration limit) {
    try {
      return waiter.await(limit);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}

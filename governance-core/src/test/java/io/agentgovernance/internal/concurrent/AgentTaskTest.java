// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.AdmissionRefusedException.Reason;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

class AgentTaskTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private AgentThreads threads = threads(Workers.platform(2));

  static List<Workers> kinds() {
    return List.of(Workers.virtualIfAvailable(), Workers.platform(4));
  }

  @AfterEach
  void close() throws Exception {
    threads.close();
    threads.awaitQuiet(LONG);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aTaskRunsOnANamedThreadWhichItOwnsUntilItEnds(Workers workers) throws Exception {
    threads = threads(workers);
    var seen = new ArrayList<Thread>();
    var begun = new CountDownLatch(1);
    var finish = new CountDownLatch(1);

    AgentTask task =
        admit(1)
            .start(
                "alpha",
                () -> {
                  seen.add(Thread.currentThread());
                  begun.countDown();
                  awaitStubbornly(finish);
                });
    await(begun);

    assertThat(task.name()).isEqualTo("alpha");
    assertThat(task.ended()).isFalse();
    assertThat(task.thread()).containsSame(seen.get(0));
    assertThat(seen.get(0).getName()).startsWith("governance-agent-");
    assertThat(threads.counters().running()).isEqualTo(1);
    finish.countDown();
    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(task.ended()).isTrue();
    assertThat(task.thread()).isEmpty();
    assertThat(task.failure()).isEmpty();
  }

  @Test
  void theContextOfTheStarterIsCarried() throws Exception {
    threads = new AgentThreads(Workers.platform(1), TimeSource.system(), new MdcPropagator());
    Thread self = Thread.currentThread();
    ClassLoader before = self.getContextClassLoader();
    var seen = new ArrayList<Object>();
    try (var loader = new URLClassLoader(new URL[0], before)) {
      MDC.put("request", "r1");
      self.setContextClassLoader(loader);
      admit(1)
          .start(
              "alpha",
              () -> {
                seen.add(MDC.get("request"));
                seen.add(Thread.currentThread().getContextClassLoader());
              });
      assertThat(threads.awaitQuiet(LONG)).isTrue();

      assertThat(seen).containsExactly("r1", loader);
    } finally {
      MDC.clear();
      self.setContextClassLoader(before);
    }
  }

  @Test
  void whatABodyThrowsIsKept() throws Exception {
    Admission run = admit(1);
    var failure = new AssertionError("thrown on purpose by AgentTaskTest");

    AgentTask task =
        run.start(
            "alpha",
            () -> {
              throw failure;
            });

    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(task.failure()).containsSame(failure);
    assertThat(threads.counters().running()).isZero();
  }

  @Test
  void callbacksRunAfterTheEndAndAThrowingOneHurtsNobody() throws Exception {
    Admission run = admit(1);
    var finish = new CountDownLatch(1);
    var called = new ArrayList<String>();
    AgentTask task = run.start("alpha", () -> awaitStubbornly(finish));
    task.onEnd(() -> called.add("first, ended " + task.ended()));
    task.onEnd(
        () -> {
          throw new IllegalStateException("thrown on purpose by AgentTaskTest");
        });
    task.onEnd(() -> called.add("third on " + Thread.currentThread().getName()));

    finish.countDown();
    assertThat(threads.awaitQuiet(LONG)).isTrue();
    task.onEnd(() -> called.add("late on " + Thread.currentThread().getName()));

    assertThat(called)
        .containsExactly(
            "first, ended true",
            "third on governance-agent-1",
            "late on " + Thread.currentThread().getName());
  }

  @Test
  void aCallbackMayStartASuccessorInThePlaceOfTheTask() throws Exception {
    Admission run = admit(1);
    var finish = new CountDownLatch(1);
    var successors = new AtomicInteger();
    AgentTask task = run.start("alpha", () -> awaitStubbornly(finish));
    task.onEnd(() -> run.start("successor", successors::incrementAndGet));

    finish.countDown();

    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(successors).hasValue(1);
  }

  @Test
  void aRunStartsNoMoreTasksThanItHasThreads() throws Exception {
    Admission run = admit(1);
    var finish = new CountDownLatch(1);
    run.start("alpha", () -> awaitStubbornly(finish));

    assertThatThrownBy(() -> run.start("beta", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("beta")
        .hasMessageContaining("all 1 threads");

    finish.countDown();
  }

  @Test
  void onlyAnAdmittedRunStartsTasks() {
    admit(2);
    Admission waiting = admit(1);

    assertThatThrownBy(() -> waiting.start("alpha", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("QUEUED");
    waiting.release();
    assertThatThrownBy(() -> waiting.start("alpha", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("RELEASED");
  }

  @Test
  void threadsOfAReleasedRunComeBackAsItsTasksEnd() throws Exception {
    Admission run = admit(2);
    var finish = new CountDownLatch(1);
    run.start("alpha", () -> awaitStubbornly(finish));

    run.release();

    assertThat(threads.counters().free()).isEqualTo(1);
    Admission next = admit(2);
    assertThat(next.admitted()).isFalse();
    finish.countDown();
    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(next.admitted()).isTrue();
  }

  @Test
  void aPropagatorThatThrowsKeepsTheTaskFromStarting() {
    threads =
        new AgentThreads(
            Workers.platform(1),
            TimeSource.system(),
            task -> {
              throw new IllegalStateException("no context");
            });
    Admission run = admit(1);

    assertThatThrownBy(() -> run.start("alpha", () -> {})).hasMessage("no context");

    run.release();
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(1, 1, 0, 0, 0, 0));
  }

  @Test
  void closingInterruptsEveryTaskAndStartsNoMore() throws Exception {
    Admission run = admit(2);
    var begun = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    run.start(
        "alpha",
        () -> {
          begun.countDown();
          try {
            TimeSource.system().waiter().await(LONG);
          } catch (InterruptedException e) {
            interrupted.set(true);
          }
        });
    await(begun);

    threads.close();

    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(interrupted).isTrue();
    assertThat(
            catchThrowableOfType(AdmissionRefusedException.class, () -> run.start("b", () -> {}))
                .reason())
        .isEqualTo(Reason.CLOSED);
  }

  @Test
  void waitingForQuietEndsAtItsLimit() throws Exception {
    var finish = new CountDownLatch(1);
    admit(1).start("alpha", () -> awaitStubbornly(finish));

    assertThat(threads.awaitQuiet(Duration.ofNanos(1))).isFalse();

    finish.countDown();
    assertThat(threads.awaitQuiet(LONG)).isTrue();
  }

  private Admission admit(int size) {
    return threads.admit(size, run -> {}, refusal -> {});
  }

  private static AgentThreads threads(Workers workers) {
    return new AgentThreads(workers, TimeSource.system(), ContextPropagator.none());
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Ignores interruption, as an agent should not. */
  static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException ignored) {
        // That is the point.
      }
    }
  }
}

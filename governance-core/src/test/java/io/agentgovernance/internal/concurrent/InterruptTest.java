// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An interrupt reaches the body it is meant for, or nobody. */
class InterruptTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final CarelessExecutor CARELESS = new CarelessExecutor(4, Thread::new);

  private AgentThreads threads;

  static List<Workers> kinds() {
    return List.of(
        Workers.virtualIfAvailable(), Workers.platform(4), Workers.executor(CARELESS, 4));
  }

  @AfterEach
  void close() {
    threads.close();
  }

  @AfterAll
  static void closeTheExecutor() {
    CARELESS.close();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInterruptReachesTheBody(Workers workers) throws Exception {
    threads = threads(workers);
    var interrupted = new AtomicBoolean();
    var begun = new CountDownLatch(1);
    AgentTask task =
        admit(1)
            .start(
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

    task.interrupt();

    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(interrupted).isTrue();
  }

  @Test
  void aTaskInterruptedBeforeItBeginsBeginsInterrupted() throws Exception {
    var held = new ArrayList<Runnable>();
    threads = threads(Workers.executor(held::add, 1));
    var interrupted = new AtomicBoolean();
    AgentTask task =
        admit(1).start("alpha", () -> interrupted.set(Thread.currentThread().isInterrupted()));

    task.interrupt();
    runOnAnotherThread(held.get(0));

    assertThat(interrupted).isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anInterruptNeverReachesAnotherTask(Workers workers) throws Exception {
    int tasks = 100_000;
    int pool = 4;
    threads = threads(workers);
    var strays = new AtomicInteger();
    var meant = new AtomicInteger();
    var newest = new AtomicReferenceArray<Interruptible>(pool);
    var over = new AtomicBoolean();
    List<Thread> interrupters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int offset = i;
      var interrupter =
          new Thread(
              () -> {
                for (int slot = offset; !over.get(); slot++) {
                  Interruptible target = newest.get(slot % pool);
                  if (target != null) {
                    target.requested = true;
                    target.task.interrupt();
                  }
                }
              });
      interrupter.setDaemon(true);
      interrupter.start();
      interrupters.add(interrupter);
    }

    Admission run = admit(pool);
    var permits = new Semaphore(pool);
    for (int i = 0; i < tasks; i++) {
      assertThat(permits.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      var target = new Interruptible();
      target.task =
          run.start(
              "agent",
              () -> {
                for (int spin = 0; spin < 20; spin++) {
                  if (Thread.currentThread().isInterrupted()) {
                    (target.requested ? meant : strays).incrementAndGet();
                    return;
                  }
                }
              });
      newest.set(i % pool, target);
      target.task.onEnd(permits::release);
    }
    over.set(true);
    for (Thread interrupter : interrupters) {
      interrupter.join();
    }

    assertThat(threads.awaitQuiet(LONG)).isTrue();
    assertThat(strays).hasValue(0);
    assertThat(meant.get()).as("the race happened").isPositive();
    assertThat(threads.counters().running()).isZero();
  }

  @Test
  void aTaskEndsOnlyWhenAnInterruptOnItsWayHasArrived() throws Exception {
    var slow = new SlowToInterrupt();
    try (var executor = new CarelessExecutor(1, slow)) {
      threads = threads(Workers.executor(executor, 2));
      Admission run = admit(2);
      var begun = new CountDownLatch(1);
      var stray = new AtomicBoolean();
      AgentTask alpha =
          run.start(
              "alpha",
              () -> {
                begun.countDown();
                spinUntil(() -> slow.interrupting);
              });
      run.start(
          "beta",
          () -> {
            slow.betaBegun = true;
            spinUntil(() -> slow.interrupted);
            stray.set(Thread.currentThread().isInterrupted());
          });
      await(begun);

      alpha.interrupt();

      assertThat(threads.awaitQuiet(LONG)).isTrue();
      assertThat(stray).isFalse();
    }
  }

  private Admission admit(int size) {
    return threads.admit(size, run -> {}, refusal -> {});
  }

  private static AgentThreads threads(Workers workers) {
    return new AgentThreads(workers, TimeSource.system(), ContextPropagator.none());
  }

  private static void runOnAnotherThread(Runnable task) throws InterruptedException {
    var thread = new Thread(task);
    thread.start();
    thread.join();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private static void spinUntil(BooleanSupplier condition) {
    long giveUp = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - giveUp).as("time left").isNegative();
      Thread.onSpinWait();
    }
  }

  private static final class Interruptible {
    volatile boolean requested;
    volatile AgentTask task;
  }

  /**
   * Makes a thread that is interrupted late: the flag is set only when alpha's body is over and the
   * thread either waits for the interrupt to arrive, as it should, or has gone on to beta.
   */
  private static final class SlowToInterrupt implements ThreadFactory {
    volatile boolean interrupting;
    volatile boolean interrupted;
    volatile boolean betaBegun;

    @Override
    public Thread newThread(Runnable work) {
      return new Thread(work) {
        @Override
        public void interrupt() {
          if (Thread.currentThread() == this) {
            super.interrupt(); // A lock restores the flag that it found.
            return;
          }
          interrupting = true;
          spinUntil(() -> betaBegun || getState() == State.WAITING);
          super.interrupt();
          interrupted = true;
        }
      };
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final boolean VIRTUAL_HERE = Runtime.version().feature() >= 21;

  @Test
  void virtualThreadsAreTakenExactlyWhereTheJdkHasThem() {
    Workers workers = Workers.virtualIfAvailable();

    assertThat(VirtualThreads.available()).isEqualTo(VIRTUAL_HERE);
    assertThat(workers.kind())
        .isEqualTo(VIRTUAL_HERE ? Workers.Kind.VIRTUAL : Workers.Kind.PLATFORM);
    assertThat(workers.maxThreads())
        .isEqualTo(
            VIRTUAL_HERE ? Workers.DEFAULT_VIRTUAL_THREADS : Workers.DEFAULT_PLATFORM_THREADS);
  }

  @Test
  void theDefaultThreadsAreNamedDaemonsAndVirtualWhereTheJdkHasThem() throws Exception {
    try (Workers.Crew crew = Workers.virtualIfAvailable().open()) {
      List<Thread> threads = threadsOfTwoTasksAtOnce(crew);

      assertThat(threads)
          .extracting(Thread::getName)
          .containsExactly("governance-agent-1", "governance-agent-2");
      assertThat(threads).allMatch(Thread::isDaemon);
      assertThat(threads).allMatch(thread -> isVirtual(thread) == VIRTUAL_HERE);
    }
  }

  @Test
  void platformThreadsAreNamedDaemonsOnEveryJdk() throws Exception {
    Workers workers = Workers.platform(2);
    try (Workers.Crew crew = workers.open()) {
      List<Thread> threads = threadsOfTwoTasksAtOnce(crew);

      assertThat(workers.kind()).isEqualTo(Workers.Kind.PLATFORM);
      assertThat(workers.maxThreads()).isEqualTo(2);
      assertThat(threads)
          .extracting(Thread::getName)
          .containsExactly("governance-agent-1", "governance-agent-2");
      assertThat(threads).allMatch(Thread::isDaemon).noneMatch(WorkersTest::isVirtual);
    }
  }

  @Test
  void agentThreadsDoNotInheritThreadLocals() throws Exception {
    var local = new InheritableThreadLocal<String>();
    local.set("of the host");
    try (Workers.Crew byDefault = Workers.virtualIfAvailable().open();
        Workers.Crew platform = Workers.platform(1).open()) {
      for (Workers.Crew crew : List.of(byDefault, platform)) {
        var seen = new CompletableFuture<List<String>>();
        crew.execute(() -> seen.complete(Arrays.asList(local.get())));
        assertThat(seen.get(30, SECONDS)).containsExactly((String) null);
      }
    } finally {
      local.remove();
    }
  }

  @Test
  void aClosedCrewTakesNoTaskAndLetsTheOthersFinish() throws Exception {
    for (Workers workers : List.of(Workers.virtualIfAvailable(), Workers.platform(1))) {
      Workers.Crew crew = workers.open();
      var finish = new CountDownLatch(1);
      var interrupted = new CompletableFuture<Boolean>();
      crew.execute(
          () -> {
            try {
              finish.await();
              interrupted.complete(false);
            } catch (InterruptedException e) {
              interrupted.complete(true);
            }
          });

      crew.close();
      crew.close();

      assertThatThrownBy(() -> crew.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      finish.countDown();
      assertThat(interrupted.get(30, SECONDS)).isFalse();
    }
  }

  @Test
  void aHostsExecutorRunsTheTasksAndIsNotClosed() {
    var given = new ArrayList<Runnable>();
    Executor executor = given::add;
    Workers workers = Workers.executor(executor, 3);
    Runnable task = () -> {};

    Workers.Crew crew = workers.open();
    crew.close();
    crew.execute(task);

    assertThat(workers.kind()).isEqualTo(Workers.Kind.EXECUTOR);
    assertThat(workers.maxThreads()).isEqualTo(3);
    assertThat(given).containsExactly(task);
  }

  @Test
  void lessThanOneThreadIsRefused() {
    assertThatThrownBy(() -> Workers.platform(0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("maxThreads")
        .hasMessageContaining("found 0")
        .hasMessageContaining("at least 1");
    assertThatThrownBy(() -> Workers.executor(Runnable::run, -1))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void workersSayWhatTheyAre() {
    assertThat(Workers.platform(8)).hasToString("Workers[PLATFORM, maxThreads=8]");
  }

  private static List<Thread> threadsOfTwoTasksAtOnce(Workers.Crew crew) throws Exception {
    var first = new CompletableFuture<Thread>();
    var second = new CompletableFuture<Thread>();
    var finish = new CountDownLatch(1);
    for (CompletableFuture<Thread> thread : List.of(first, second)) {
      crew.execute(
          () -> {
            thread.complete(Thread.currentThread());
            awaitUninterruptibly(finish);
          });
    }
    List<Thread> threads = List.of(first.get(30, SECONDS), second.get(30, SECONDS));
    finish.countDown();
    return threads;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Thread.isVirtual is not there on 17. */
  private static boolean isVirtual(Thread thread) {
    return thread.toString().startsWith("VirtualThread[");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventThreadsTest {
  private final EventThreads threads = new EventThreads();

  @AfterEach
  void closeThreads() {
    threads.close();
  }

  @Test
  void startsNoThreadBeforeItIsNeeded() {
    assertThat(threads.threads()).isZero();
  }

  @Test
  void tasksWaitWhenEveryThreadIsBusyAndNoneIsLost() throws InterruptedException {
    int tasks = 3 * EventThreads.MAX_THREADS;
    var busy = new CountDownLatch(EventThreads.MAX_THREADS);
    var release = new CountDownLatch(1);
    var done = new CountDownLatch(tasks);
    Set<String> names = ConcurrentHashMap.newKeySet();

    for (int i = 0; i < tasks; i++) {
      threads.execute(
          () -> {
            names.add(Thread.currentThread().getName());
            busy.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            done.countDown();
          });
    }

    assertThat(busy.await(60, SECONDS)).isTrue();
    assertThat(names).hasSize(EventThreads.MAX_THREADS);
    assertThat(threads.threads()).isEqualTo(EventThreads.MAX_THREADS);
    release.countDown();
    assertThat(done.await(60, SECONDS)).isTrue();
    assertThat(names).hasSize(EventThreads.MAX_THREADS);
  }

  @Test
  void whatWasAcceptedStillRunsAfterClosing() throws InterruptedException {
    int tasks = 2 * EventThreads.MAX_THREADS;
    var release = new CountDownLatch(1);
    var done = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      threads.execute(
          () -> {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            done.countDown();
          });
    }

    threads.close();
    release.countDown();

    assertThat(done.await(60, SECONDS)).isTrue();
    assertThat(threads.awaitQuiet(Duration.ofSeconds(60))).isTrue(); // no thread is left to take it
    assertThatThrownBy(() -> threads.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void waitsForWhatWasAccepted() throws InterruptedException {
    var release = new CountDownLatch(1);
    threads.execute(
        () -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    threads.close();

    assertThat(threads.awaitQuiet(Duration.ZERO)).isFalse();
    release.countDown();
    assertThat(threads.awaitQuiet(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void aTaskDoesNotWaitForItself() throws Exception {
    var answer = new CompletableFuture<Boolean>();

    threads.execute(
        () -> {
          threads.close();
          try {
            answer.complete(threads.awaitQuiet(Duration.ofDays(1)));
          } catch (InterruptedException e) {
            answer.completeExceptionally(e);
          }
        });

    assertThat(answer.get(60, SECONDS)).isFalse();
  }
}

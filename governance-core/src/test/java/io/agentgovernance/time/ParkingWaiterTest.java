// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ParkingWaiterTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final TimeSource.Waiter waiter = TimeSource.system().waiter();

  @Test
  void aSignalBeforeTheWaitIsKept() throws Exception {
    waiter.signal();

    assertThat(waiter.await(LONG)).isTrue();
  }

  @Test
  void twoSignalsAreKeptAsOne() throws Exception {
    waiter.signal();
    waiter.signal();

    assertThat(waiter.await(LONG)).isTrue();
    assertThat(waiter.await(Duration.ZERO)).isFalse();
  }

  @Test
  void zeroOrLessOnlyLooks() throws Exception {
    assertThat(waiter.await(Duration.ZERO)).isFalse();
    assertThat(waiter.await(Duration.ofSeconds(-1))).isFalse();
    waiter.signal();
    assertThat(waiter.await(Duration.ofSeconds(-1))).isTrue();
  }

  @Test
  void theLimitEndsTheWait() throws Exception {
    assertThat(waiter.await(Duration.ofNanos(1))).isFalse();
  }

  @Test
  void aStrayUnparkDoesNotEndTheWait() throws Exception {
    var task = new FutureTask<>(() -> waiter.await(LONG));
    Thread thread = start(task);
    awaitParked(thread);

    for (int i = 0; i < 1_000; i++) {
      LockSupport.unpark(thread);
    }
    assertThat(task.isDone()).isFalse();
    waiter.signal();

    assertThat(task.get(30, SECONDS)).isTrue();
  }

  @Test
  void anInterruptEndsTheWaitAndClearsTheFlag() throws Exception {
    var flag = new CompletableFuture<Boolean>();
    Thread thread =
        start(
            new FutureTask<>(
                () -> {
                  try {
                    waiter.await(LONG);
                    flag.completeExceptionally(new AssertionError("not interrupted"));
                  } catch (InterruptedException e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                  }
                  return null;
                }));
    awaitParked(thread);

    thread.interrupt();

    assertThat(flag.get(30, SECONDS)).isFalse();
  }

  @Test
  void anInterruptedThreadUsesUpNothing() throws Exception {
    waiter.signal();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> waiter.await(LONG)).isInstanceOf(InterruptedException.class);

    assertThat(waiter.await(Duration.ZERO)).isTrue();
  }

  @Test
  void oneThreadAtATime() throws Exception {
    var task = new FutureTask<>(() -> waiter.await(LONG));
    awaitParked(start(task));

    assertThatThrownBy(() -> waiter.await(LONG)).isInstanceOf(IllegalStateException.class);

    waiter.signal();
    assertThat(task.get(30, SECONDS)).isTrue();
  }

  @Test
  void noSignalIsLost() throws Exception {
    int rounds = 50_000;
    TimeSource.Waiter there = TimeSource.system().waiter();
    TimeSource.Waiter back = TimeSource.system().waiter();
    var task =
        new FutureTask<>(
            () -> {
              for (int i = 0; i < rounds; i++) {
                assertThat(there.await(LONG)).isTrue();
                back.signal();
              }
              return null;
            });
    start(task);

    for (int i = 0; i < rounds; i++) {
      there.signal();
      assertThat(back.await(Duration.ofSeconds(60))).isTrue();
    }

    task.get(30, SECONDS);
  }

  private static Thread start(Runnable task) {
    var thread = new Thread(task, "waiting");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void awaitParked(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Runs steps on threads that are released together. Every wait is bounded. */
final class Together {
  /** How long anything may take before the test gives up; no fact depends on it. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "contract");
            thread.setDaemon(true);
            return thread;
          });

  private Together() {}

  /** Calls {@code step} once on each of so many threads, and returns the results in their order. */
  static <T> List<T> run(int threads, IntFunction<T> step) {
    var ready = new CountDownLatch(threads);
    var go = new CountDownLatch(1);
    List<Future<T>> futures = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      int number = i;
      futures.add(
          THREADS.submit(
              () -> {
                ready.countDown();
                await(go);
                return step.apply(number);
              }));
    }
    await(ready);
    go.countDown();
    List<T> results = new ArrayList<>(threads);
    for (Future<T> future : futures) {
      results.add(get(future));
    }
    return results;
  }

  /** Waits for a latch, but not for ever. */
  static void await(CountDownLatch latch) {
    try {
      if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(latch.getCount() + " were still missing after " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a step failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("a step did not end within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}

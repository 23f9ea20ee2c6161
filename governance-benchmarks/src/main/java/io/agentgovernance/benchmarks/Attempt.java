// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of a library, with when it began and ended by {@link System#nanoTime()}, and what the
 * caller got.
 */
record Attempt(long startNanos, long endNanos, @Nullable Object result, @Nullable Throwable error) {

  /**
   * Makes the call. Errors of the JVM count as an answer too: that is what the caller of the
   * library would see.
   */
  static Attempt of(Callable<?> call) {
    var start = System.nanoTime();
    Object result = null;
    Throwable error = null;
    try {
      result = call.call();
    } catch (Throwable e) {
      error = e;
    }
    return new Attempt(start, System.nanoTime(), result, error);
  }

  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(endNanos - startNanos);
  }

  /** The simple name of the exception's class, or null. */
  @Nullable String errorName() {
    return error == null ? null : error.getClass().getSimpleName();
  }

  /** As {@link #outcome()}, and whether a returned result is that of both agents. */
  String outcomeOfBoth() {
    if (error != null) {
      return outcome();
    }
    return "ALPHA BETA".equals(result) ? "returns both results" : "returns something else";
  }

  /** "returns", or "throws" and the class of the root cause. */
  String outcome() {
    if (error == null) {
      return "returns";
    }
    var root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return "throws " + root.getClass().getSimpleName();
  }

  /**
   * Makes the call on a thread of its own and gives it up after {@link Behaviour#GIVES_UP_AFTER}:
   * by the library's own means, then by an interrupt.
   *
   * @param means what to call the library's own means
   */
  static Cell givenUp(String means, ProbeModel model, Callable<?> call, Runnable giveUp)
      throws Exception {
    var attempt = new FutureTask<>(() -> of(call));
    var caller = new Thread(attempt, "caller");
    caller.setDaemon(true);
    caller.start();
    caller.join(Behaviour.GIVES_UP_AFTER.toMillis());
    var gaveUp = System.nanoTime();
    giveUp.run();
    caller.interrupt();
    var returned = attempt.get(10, TimeUnit.SECONDS).endNanos - gaveUp;
    model.awaitQuiet();
    return new Cell.CallerGivesUp(
        means,
        TimeUnit.NANOSECONDS.toMillis(returned),
        model.interrupted(),
        model.answeredAfter(gaveUp));
  }
}

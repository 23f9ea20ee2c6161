// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.health.Component;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of one part.
 *
 * @param failure which exceptions are failures of the part; others are answers
 */
record Watch(HealthBook book, Component component, Predicate<RuntimeException> failure) {

  <T> T call(Supplier<T> call) {
    T answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      count(e);
      throw e;
    }
    book.worked(component);
    return answer;
  }

  /** Counts a call that has come back with this exception, or null. */
  void count(@Nullable RuntimeException e) {
    if (e != null && failure.test(e)) {
      book.failed(component, e);
    } else {
      book.worked(component);
    }
  }

  void run(Runnable call) {
    boolean unused =
        call(
            () -> {
              call.run();
              return true;
            });
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.health.Component;
import java.util.function.Predicate;
import java.util.function.Supplier;

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
      if (failure.test(e)) {
        book.failed(component, e);
      } else {
        book.worked(component);
      }
      throw e;
    }
    book.worked(component);
    return answer;
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

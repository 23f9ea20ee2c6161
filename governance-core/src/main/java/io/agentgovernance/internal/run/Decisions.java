// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.internal.memory.SerialDelivery;
import java.util.function.Consumer;

/**
 * Performs the decisions of one run, one at a time and in order. Thread safe.
 *
 * <p>With a store in this JVM whoever posts one performs it, unless another thread is at it; that
 * costs no hand-over. With a store outside of it a decision may have to wait: then none is
 * performed on an agent's thread, nor on the one that announces changes, but all of them on threads
 * for that.
 */
final class Decisions {
  private final SerialDelivery<Runnable> tasks = new SerialDelivery<>(this::perform);
  private final Services services;
  private final Consumer<RuntimeException> failed;

  /**
   * @param failed told what a decision threw; called within it
   */
  Decisions(Services services, Consumer<RuntimeException> failed) {
    this.services = services;
    this.failed = failed;
  }

  /** Performs a decision after those posted before it. */
  void post(Runnable task) {
    tasks.offer(task);
    apart(tasks::drain);
  }

  /** Does what may wait for the store: at once if the store is here, else on another thread. */
  void apart(Runnable work) {
    if (services.coordination().remote()) {
      ControlThreads control = services.control();
      control.decide(work);
    } else {
      work.run();
    }
  }

  private void perform(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      failed.accept(e);
    }
  }
}

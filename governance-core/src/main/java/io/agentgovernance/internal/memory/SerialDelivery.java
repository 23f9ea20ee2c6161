// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers items one at a time in the order they were offered, on the threads that call {@link
 * #drain}: whoever finds it idle delivers for all. A delivery that offers and drains again returns
 * at once; its item follows after the current one. No lock is held while delivering.
 */
public final class SerialDelivery<T> {
  private final ConcurrentLinkedQueue<T> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final Consumer<T> target;

  public SerialDelivery(Consumer<T> target) {
    this.target = target;
  }

  /** Adds an item; {@link #drain} must follow. */
  public void offer(T item) {
    queue.add(item);
  }

  /** Delivers what was offered, unless another thread is at it already, which then does it. */
  public void drain() {
    if (queue.isEmpty()) {
      return; // nothing was offered, or whoever took it delivers it
    }
    if (pending.getAndIncrement() != 0) {
      return;
    }
    int missed = 1;
    do {
      @Nullable T item = queue.poll();
      while (item != null) {
        target.accept(item);
        item = queue.poll();
      }
      missed = pending.addAndGet(-missed);
    } while (missed != 0);
  }
}

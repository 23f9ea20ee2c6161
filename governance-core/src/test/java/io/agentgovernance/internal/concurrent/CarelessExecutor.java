// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** A host's executor whose threads never clear their interrupt flag between two tasks. */
final class CarelessExecutor implements Executor, AutoCloseable {
  private static final long POLL_NANOS = 50_000;

  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  CarelessExecutor(int size, ThreadFactory threads) {
    for (int i = 0; i < size; i++) {
      Thread thread = threads.newThread(this::work);
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void execute(Runnable task) {
    queue.add(task);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void work() {
    while (!closed) {
      Runnable task = queue.poll();
      if (task == null) {
        LockSupport.parkNanos(POLL_NANOS);
      } else {
        task.run();
      }
    }
  }
}

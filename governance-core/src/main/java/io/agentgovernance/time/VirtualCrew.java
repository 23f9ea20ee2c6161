// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/** A new virtual thread per task. Thread safe. */
final class VirtualCrew implements Workers.Crew {
  private final ThreadFactory threads = VirtualThreads.factory(PlatformCrew.NAME_PREFIX);
  private volatile boolean closed;

  @Override
  public void execute(Runnable task) {
    requireNonNull(task, "task");
    if (closed) {
      throw new RejectedExecutionException("this crew is closed");
    }
    threads.newThread(task).start();
  }

  @Override
  public void close() {
    closed = true;
  }
}

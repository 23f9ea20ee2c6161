// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Pooled daemon threads: as many as there are tasks, ended after some idle time. Thread safe. */
final class PlatformCrew implements Workers.Crew {
  static final String NAME_PREFIX = "governance-agent-";

  private static final long IDLE_SECONDS = 30;

  private final AtomicLong lastNumber = new AtomicLong();

  // No queue and no limit of its own: whoever admits the tasks counts them, and a task that has
  // been admitted must not wait for a thread that a stuck one has.
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          this::thread);

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public void close() {
    pool.shutdown();
  }

  private Thread thread(Runnable work) {
    String name = NAME_PREFIX + lastNumber.incrementAndGet();
    var thread = new Thread(null, work, name, 0, false);
    thread.setContextClassLoader(PlatformCrew.class.getClassLoader());
    thread.setDaemon(true);
    return thread;
  }
}

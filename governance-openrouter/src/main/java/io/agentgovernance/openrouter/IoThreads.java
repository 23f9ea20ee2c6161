// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads on which one client talks to its server. */
final class IoThreads {
  /** How many calls one client makes at once on platform threads. */
  static final int MAX_PLATFORM = 1024;

  /** How many it makes at once on virtual ones. */
  static final int MAX_VIRTUAL = 100_000;

  private static final int FIRST_VIRTUAL = 21;
  private static final String NAME = "openrouter-";

  private IoThreads() {}

  /** Threads that come as needed and end when idle, daemons all; virtual ones where there are. */
  static ThreadPoolExecutor pool() {
    ThreadFactory virtual = Runtime.version().feature() < FIRST_VIRTUAL ? null : virtualOrNull();
    return virtual == null
        ? pool(MAX_PLATFORM, 10, platform())
        : pool(MAX_VIRTUAL, 0, virtual); // a virtual thread is not worth keeping
  }

  private static ThreadPoolExecutor pool(int most, long keepSeconds, ThreadFactory factory) {
    return new ThreadPoolExecutor(
        0, most, keepSeconds, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
  }

  private static ThreadFactory platform() {
    AtomicInteger started = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, NAME + started.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * {@code Thread.ofVirtual().name("openrouter-", 1).factory()}, for a compiler that has it not.
   */
  private static @Nullable ThreadFactory virtualOrNull() {
    try {
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      Object made = Thread.class.getMethod("ofVirtual").invoke(null);
      made = builder.getMethod("name", String.class, long.class).invoke(made, NAME, 1L);
      return (ThreadFactory) builder.getMethod("factory").invoke(made);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}

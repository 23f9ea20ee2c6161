// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which listeners are called: daemons named {@code governance-events-N}, at most
 * {@value #MAX_THREADS}, started when needed and ended after {@value #IDLE_SECONDS} idle seconds.
 *
 * <p>When all are busy, tasks wait. Their queue has no limit of its own and needs none: a
 * subscription has one task at most, so it is never longer than the number of open subscriptions,
 * and no task is lost. Events that arrive meanwhile stay in the bounded queues of the
 * subscriptions. So 64 listeners that block for ever silence the others, but never a run.
 *
 * <p>Thread safe; {@link #execute} never blocks.
 */
public final class EventThreads implements Executor, AutoCloseable {
  static final int MAX_THREADS = 64;
  static final int IDLE_SECONDS = 10;

  private final AtomicInteger started = new AtomicInteger();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          1,
          MAX_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new IdleFirst(),
          this::thread,
          EventThreads::enqueue);

  /** Makes a pool without threads. */
  public EventThreads() {
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /** Accepts no further task. Those accepted still run; returns at once. */
  @Override
  public void close() {
    pool.shutdown();
  }

  /**
   * Waits until what was accepted before {@link #close} has run: listeners get their last events.
   *
   * @return false if the time is over, or a task of this pool asks
   * @throws InterruptedException if the caller is interrupted
   */
  public boolean awaitQuiet(Duration atMost) throws InterruptedException {
    return !(Thread.currentThread() instanceof Own thread && thread.pool == this)
        && pool.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  int threads() {
    return pool.getPoolSize();
  }

  private Thread thread(Runnable work) {
    var thread = new Own(this, work, "governance-events-" + started.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** Called when no thread is idle and no more may be started. */
  private static void enqueue(Runnable task, ThreadPoolExecutor pool) {
    if (pool.isShutdown()) {
      throw closed();
    }
    pool.getQueue().add(task);
    if (pool.isShutdown() && pool.getQueue().remove(task)) {
      throw closed();
    }
    // Should every thread have ended since, one is needed; if not, this does nothing.
    pool.prestartCoreThread();
  }

  private static RejectedExecutionException closed() {
    return new RejectedExecutionException("the event threads are closed");
  }

  /** Knows whose it is: a listener that closes its orchestrator must not wait for itself. */
  private static final class Own extends Thread {
    private final EventThreads pool;

    Own(EventThreads pool, Runnable work, String name) {
      super(work, name);
      this.pool = pool;
    }
  }

  /** Takes a task only if an idle thread does at once: a pool starts threads on a refusal. */
  private static final class IdleFirst extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    @Override
    public boolean add(Runnable task) {
      return super.offer(task);
    }
  }
}

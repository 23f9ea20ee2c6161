// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which the library itself decides when a time has come: deadlines, thresholds,
 * expiries. Daemons named {@code governance-control-N}, at most {@value #MAX_THREADS}, so that the
 * one thread of the time source never waits for a store.
 *
 * <p>Thread safe; nothing here blocks. Only the library's own work runs here, and what aborts a
 * call. The queue needs no limit of its own: every task stems from a timer or an acknowledgement
 * that a run waits for, and a run has a handful of those.
 */
public final class ControlThreads implements Executor, AutoCloseable {
  static final int MAX_THREADS = 8;
  private static final Logger log = LoggerFactory.getLogger(ControlThreads.class);

  private final TimeSource time;
  private final AtomicInteger started = new AtomicInteger();
  private final ThreadPoolExecutor pool =
      new ThreadPoolExecutor(
          MAX_THREADS,
          MAX_THREADS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          this::thread);

  /** Makes a pool without threads. */
  public ControlThreads(TimeSource time) {
    this.time = time;
    pool.allowCoreThreadTimeOut(true);
  }

  /** Runs a task after a delay; cancelling the timer keeps it from being handed over. */
  public TimeSource.Timer after(Duration delay, Runnable task) {
    return time.schedule(delay, () -> execute(task));
  }

  /** Runs a task soon. A time source moved by hand stands still until it is done. */
  @Override
  public void execute(Runnable task) {
    time.taskStarted();
    boolean taken = false;
    try {
      pool.execute(() -> run(task));
      taken = true;
    } catch (RejectedExecutionException e) {
      log.debug("a decision came after the end of the orchestrator", e);
    } finally {
      if (!taken) {
        time.taskEnded();
      }
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("a decision failed", e);
    } finally {
      time.taskEnded();
    }
  }

  /** Accepts no further task. Those accepted still run; returns at once. */
  @Override
  public void close() {
    pool.shutdown();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, "governance-control-" + started.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which the library itself decides when a time has come: deadlines, thresholds,
 * expiries. Daemons named {@code governance-control-N}, at most {@value #MAX_THREADS}, so that the
 * one thread of the time source never waits for a store.
 *
 * <p>Thread safe; nothing here blocks. Only the library's own work runs on those. Foreign code that
 * aborts a call, or waits for a result, has threads apart because it may hang: {@code
 * governance-abort-N} and {@code governance-result-N}. What waits for a store outside this JVM has
 * threads apart too, so that a store that does not answer delays no deadline and no renewal: {@code
 * governance-decision-N} and {@code governance-lease-N}. The queues need no limit of their own:
 * every task stems from a timer, a change, an acknowledgement, a call or the end of a run.
 */
public final class ControlThreads implements Executor, AutoCloseable {
  static final int MAX_THREADS = 8;
  static final int MAX_ABORTING = 16;
  static final int MAX_TELLING = 64;
  static final int MAX_DECIDING = 64;
  static final int MAX_RENEWING = 8;
  private static final Log log = Log.of(ControlThreads.class);

  private final TimeSource time;
  private final AtomicInteger started = new AtomicInteger();
  private final ThreadPoolExecutor pool = pool(MAX_THREADS, "governance-control-");
  private final ThreadPoolExecutor aborts = pool(MAX_ABORTING, "governance-abort-");
  private final ThreadPoolExecutor tellers = pool(MAX_TELLING, "governance-result-");
  private final ThreadPoolExecutor deciders = pool(MAX_DECIDING, "governance-decision-");
  private final ThreadPoolExecutor renewers = pool(MAX_RENEWING, "governance-lease-");

  /** Makes pools without threads. */
  public ControlThreads(TimeSource time) {
    this.time = time;
  }

  private ThreadPoolExecutor pool(int threads, String prefix) {
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> thread(work, prefix));
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  /** Runs a task after a delay; cancelling the timer keeps it from being handed over. */
  public TimeSource.Timer after(Duration delay, Runnable task) {
    return time.schedule(delay, () -> execute(task));
  }

  /** Runs a task soon. A time source moved by hand stands still until it is done. */
  @Override
  public void execute(Runnable task) {
    on(pool, task);
  }

  /** Runs a decision that may wait for a store outside this JVM. */
  public void decide(Runnable task) {
    on(deciders, task);
  }

  /** Runs the renewal of a lease. */
  public void renew(Runnable task) {
    on(renewers, task);
  }

  private void on(ThreadPoolExecutor threads, Runnable task) {
    time.taskStarted();
    boolean taken = false;
    try {
      threads.execute(() -> run(task));
      taken = true;
    } catch (RejectedExecutionException e) {
      log.debug("a decision came after the end of the orchestrator", e);
    } finally {
      if (!taken) {
        time.taskEnded();
      }
    }
  }

  /**
   * Runs foreign code that ends a call early. It must not block; if it does, no decision waits for
   * it. A time source moved by hand stands still until it is done.
   */
  public void abort(Runnable hooks) {
    time.taskStarted();
    foreign(aborts, () -> run(hooks));
  }

  /** Tells a host of a result, with whatever it has hung on that. It may block. */
  public void tell(Runnable news) {
    foreign(tellers, news);
  }

  private static void foreign(ThreadPoolExecutor threads, Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException e) {
      work.run(); // closed: there is nobody else to do it
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
    aborts.shutdown();
    tellers.shutdown();
    deciders.shutdown();
    renewers.shutdown();
  }

  private Thread thread(Runnable work, String prefix) {
    Thread thread = new Thread(work, prefix + started.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}

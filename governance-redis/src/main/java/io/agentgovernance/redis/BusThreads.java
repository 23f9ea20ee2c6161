// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.secret.Log;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The threads on which handlers are called, and the timer that looks for messages whose
 * announcement was lost without anybody noticing. Thread safe.
 */
final class BusThreads implements AutoCloseable {
  private static final Log log = Log.of(BusThreads.class);
  private static final int MOST = 16;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** How long a thread that has delivered stays awake for what comes next. */
  private static final Duration LINGERING = Duration.ofNanos(150_000);

  private final RedisConnections connections;

  /** Wakes the thread that was busy last, which is the quickest to wake. */
  private final ForkJoinPool delivery;

  private final AtomicBoolean lingering = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer;
  private final Set<BusSubscription> subscriptions = ConcurrentHashMap.newKeySet();

  BusThreads(RedisConnections connections) {
    this.connections = connections;
    this.delivery = new ForkJoinPool(MOST, BusThreads::thread, null, true);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "governance-redis-messages-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    long period = LOOK_EVERY.toMillis();
    var unused = timer.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  private static ForkJoinWorkerThread thread(ForkJoinPool pool) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("governance-redis-messages-" + thread.getPoolIndex());
    return thread;
  }

  void add(BusSubscription subscription) {
    subscriptions.add(subscription);
  }

  void forget(BusSubscription subscription) {
    subscriptions.remove(subscription);
  }

  Set<BusSubscription> subscriptions() {
    return subscriptions;
  }

  void deliver(Runnable delivering) {
    try {
      delivery.execute(delivering);
    } catch (RejectedExecutionException e) {
      log.debug("the message bus is closed", e);
    }
  }

  /**
   * Stays awake until there is more to do, but not for long: waking a thread takes longer than what
   * it then does. One thread at a time does so; it lets others run.
   */
  @SuppressWarnings("ThreadPriorityCheck") // whether it yields or not changes nothing but time
  void linger(BooleanSupplier more) {
    if (more.getAsBoolean() || !lingering.compareAndSet(false, true)) {
      return;
    }
    try {
      long end = System.nanoTime() + LINGERING.toNanos();
      while (!more.getAsBoolean() && end - System.nanoTime() > 0) {
        Thread.yield();
      }
    } finally {
      lingering.set(false);
    }
  }

  void later(Duration delay, Runnable task) {
    try {
      var unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the message bus is closed", e);
    }
  }

  /** Asks for the last message of each run that is followed. */
  void look() {
    for (BusSubscription subscription : subscriptions) {
      var unused =
          connections
              .commands()
              .hget(subscription.reads().keys().ids(), "last")
              .thenAccept(last -> subscription.check(BusReads.number(last)));
    }
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      log.debug("it could not be closed", e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    delivery.shutdown();
  }
}

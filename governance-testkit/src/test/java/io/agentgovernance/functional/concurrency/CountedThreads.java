// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Threads for agents that tell when a task has left its thread. Thread safe. */
final class CountedThreads implements Executor, AutoCloseable {
  private final ExecutorService pool =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "counted");
            thread.setDaemon(true);
            return thread;
          });
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int started;
  private int ended;
  private int most;

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      started++;
      most = Math.max(most, started - ended);
    } finally {
      lock.unlock();
    }
    pool.execute(
        () -> {
          try {
            task.run();
          } finally {
            end();
          }
        });
  }

  private void end() {
    lock.lock();
    try {
      ended++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until only so many tasks are left, a minute at most. */
  void awaitRunning(int left) {
    lock.lock();
    try {
      long nanos = TimeUnit.MINUTES.toNanos(1);
      while (started - ended != left) {
        if (nanos <= 0) {
          throw new AssertionError(started - ended + " tasks run, expected " + left);
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      lock.unlock();
    }
  }

  /** The most tasks there were at once. */
  int most() {
    lock.lock();
    try {
      return most;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}

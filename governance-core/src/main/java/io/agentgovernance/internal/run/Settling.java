// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many calls of a run are being asked for at their providers. Thread safe; nothing here blocks.
 */
final class Settling {
  private final ReentrantLock lock = new ReentrantLock();
  private int asked; // guarded by the lock
  private @Nullable CompletableFuture<Void> told; // guarded by the lock; made when waited for

  /** One more call is asked for. */
  void begin() {
    lock.lock();
    try {
      asked++;
    } finally {
      lock.unlock();
    }
  }

  /** A call is asked for no more. What hangs on {@link #quiet} runs on this thread. */
  void end() {
    CompletableFuture<Void> done = null;
    lock.lock();
    try {
      asked--;
      if (asked == 0) {
        done = told;
        told = null;
      }
    } finally {
      lock.unlock();
    }
    if (done != null) {
      done.complete(null);
    }
  }

  /** Completes when no call is asked for. */
  CompletableFuture<Void> quiet() {
    lock.lock();
    try {
      if (asked == 0) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> waiting = told == null ? new CompletableFuture<>() : told;
      told = waiting;
      return waiting.copy();
    } finally {
      lock.unlock();
    }
  }
}

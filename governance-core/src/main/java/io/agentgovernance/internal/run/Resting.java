// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.OrchestrationResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where callers wait for a run: until it rests or is over. Thread safe. The future that callers get
 * is completed on a thread of the library if they hung work on it.
 */
final class Resting {
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<OrchestrationResult> completion = new CompletableFuture<>();
  private CompletableFuture<OrchestrationResult> rest = new CompletableFuture<>();
  private long times;
  private boolean over;

  /** Completes when the run rests next, or is over; for the library's own waits only. */
  CompletableFuture<OrchestrationResult> rest() {
    lock.lock();
    try {
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** Completes when the run is over; a copy, so that callers cannot complete it. */
  CompletableFuture<OrchestrationResult> completion() {
    return completion.copy();
  }

  /** How often the run has gone on; read before looking whether it rests. */
  long times() {
    lock.lock();
    try {
      return times;
    } finally {
      lock.unlock();
    }
  }

  /** The run rests, unless somebody decided since {@code times} was read. */
  void rest(OrchestrationResult result, long times) {
    lock.lock();
    try {
      if (this.times == times) {
        rest.complete(result); // under the lock: nobody may come to wait in between
      }
    } finally {
      lock.unlock();
    }
  }

  void goOn() {
    lock.lock();
    try {
      times++;
      if (!over && rest.isDone()) {
        rest = new CompletableFuture<>();
      }
    } finally {
      lock.unlock();
    }
  }

  void over(OrchestrationResult result, Executor executor) {
    CompletableFuture<OrchestrationResult> waiting;
    lock.lock();
    try {
      over = true;
      if (rest.isDone()) {
        rest = new CompletableFuture<>();
      }
      waiting = rest;
    } finally {
      lock.unlock();
    }
    waiting.complete(result);
    if (completion.getNumberOfDependents() == 0) {
      completion.complete(result);
    } else {
      executor.execute(() -> completion.complete(result));
    }
  }
}

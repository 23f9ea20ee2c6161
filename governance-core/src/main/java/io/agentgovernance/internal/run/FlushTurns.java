// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whose turn it is to write what a run remembers: one flush at a time, until it is known what
 * became of it. No lock, since the store's thread may be the one that learns it. Any thread may
 * call anything.
 */
final class FlushTurns {
  /** Longer than any store of this library takes to tell; in real time, as that is. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunId run;
  private final Duration patience;
  private final Semaphore free = new Semaphore(1);

  FlushTurns(RunId run, Duration patience) {
    this.run = run;
    this.patience = patience;
  }

  /**
   * Waits for its turn. An interrupted thread waits on: what it has to write belongs to what was
   * done.
   *
   * @throws CheckpointUnavailableException if the flush before it is not told of in time
   */
  Turn next() {
    if (!free.tryAcquire()) {
      await();
    }
    return new Turn();
  }

  private void await() {
    boolean interrupted = false;
    long until = System.nanoTime() + patience.toNanos();
    try {
      while (true) {
        try {
          if (free.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
          }
          throw new CheckpointUnavailableException(
              "run '%s': the checkpoint store has not told in %s what became of an append; nothing more is written until it does. Nothing is lost. If the store is your own: CheckpointStore.begin has to tell, also when it gives up."
                  .formatted(run, patience),
              null);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One flush's turn. */
  final class Turn {
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * Ends it, after a last step.
     *
     * @return false if it had ended before; then nothing is done
     */
    boolean end(Runnable last) {
      if (!over.compareAndSet(false, true)) {
        return false;
      }
      try {
        last.run();
      } finally {
        free.release();
      }
      return true;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes locks that are held for less time than it takes to park and wake a thread. For locks under
 * which nothing waits.
 */
public final class Briefly {
  private static final int LOOKS = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

  private Briefly() {}

  /** Takes the lock; looks a few microseconds long whether it becomes free before it waits. */
  public static void lock(ReentrantLock lock) {
    if (lock.tryLock()) {
      return;
    }
    for (int i = 0; i < LOOKS; i++) {
      Thread.onSpinWait();
      if (!lock.isLocked() && lock.tryLock()) {
        return;
      }
    }
    lock.lock();
  }
}

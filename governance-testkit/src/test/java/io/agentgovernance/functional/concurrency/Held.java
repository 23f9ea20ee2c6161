// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds threads until a test lets them go. Thread safe. */
final class Held {
  private final CountDownLatch release = new CountDownLatch(1);

  /** Waits as decent code does: an interrupt ends it. */
  void politely() throws InterruptedException {
    release.await();
  }

  /** Waits whatever interrupts it, and forgets that somebody did. */
  void deaf() {
    boolean released = false;
    while (!released) {
      try {
        release.await();
        released = true;
      } catch (InterruptedException e) {
        released = false;
      }
    }
  }

  void release() {
    release.countDown();
  }

  /** Waits for a latch, a minute at most. */
  static void reached(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError(latch.getCount() + " are missing after a minute");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

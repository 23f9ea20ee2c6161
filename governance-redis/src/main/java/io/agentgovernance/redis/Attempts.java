// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * How often a call is repeated that got no answer: at most 5 times and for 10 s, with a pause that
 * doubles and is different each time; an interrupted thread waits as well and stays interrupted.
 * Confined to one call.
 */
final class Attempts {
  static final int MOST = 5;
  static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MS = 50;

  private final long begun = System.nanoTime();
  private int made = 1;

  /** Whether there is time for another attempt. */
  boolean timeLeft() {
    return LONGEST.toNanos() - (System.nanoTime() - begun) > 0;
  }

  /** Waits before the next attempt; false if there is none. */
  boolean again(RedisFailure failure) {
    long left = LONGEST.toNanos() - (System.nanoTime() - begun);
    long least = FIRST_PAUSE_MS << (made - 1); // in which a connection may be made again
    long pause =
        Duration.ofMillis(ThreadLocalRandom.current().nextLong(least, 2 * least)).toNanos();
    if (!failure.retryable() || made >= MOST || pause >= left) {
      return false;
    }
    made++;
    long until = System.nanoTime() + pause;
    boolean interrupted = false;
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How often a call is repeated that got no answer: at most 5 times and for as long, with a pause
 * that doubles and is different each time; an interrupted thread waits as well and stays
 * interrupted. What could not be sent, because there is no connection, asks nothing of a server and
 * is tried for as long as there is time. Used by one thread at a time.
 */
final class Attempts {
  static final int MOST = 5;
  private static final long FIRST_PAUSE_MS = 50;

  private final long end;
  private int made = 1;
  private int unsent;

  private Attempts(Duration longest) {
    this.end = System.nanoTime() + longest.toNanos();
  }

  /** Begins with the first attempt; all together may take so long. */
  static Attempts within(Duration longest) {
    return new Attempts(longest);
  }

  /** Begins with the first attempt; there is time for five commands without an answer. */
  static Attempts of(RedisOptions options) {
    return new Attempts(longest(options));
  }

  /** How long a command is tried: 10 s if nothing else is said. */
  static Duration longest(RedisOptions options) {
    return options.commandTimeout().multipliedBy(MOST);
  }

  /** How much time is left, in nanoseconds. */
  long left() {
    return end - System.nanoTime();
  }

  /** How many milliseconds to wait before the next attempt; empty if there is none. */
  OptionalLong pause(RedisFailure failure) {
    int before = Math.min(made + unsent, MOST - 1) - 1;
    long least = FIRST_PAUSE_MS << before; // in which a connection may be made again
    long pause = ThreadLocalRandom.current().nextLong(least, 2 * least);
    boolean enough = made >= MOST && !failure.unsent();
    if (!failure.retryable() || enough || TimeUnit.MILLISECONDS.toNanos(pause) >= left()) {
      return OptionalLong.empty();
    }
    if (failure.unsent()) {
      unsent++;
    } else {
      made++;
    }
    return OptionalLong.of(pause);
  }

  /** Waits before the next attempt; false if there is none. */
  boolean again(RedisFailure failure) {
    OptionalLong pause = pause(failure);
    if (pause.isEmpty()) {
      return false;
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause.getAsLong());
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

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How often a fault is tried, and how tests wait: for a condition, and never for ever. */
final class Trial {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private Trial() {}

  /** So often in every build, and so often in the long one. */
  static int times(int normal, int soak) {
    return Boolean.getBoolean("governance.soak") ? soak : normal;
  }

  static void await(String what, BooleanSupplier condition) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}

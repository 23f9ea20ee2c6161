// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The system's time with a date of its own. */
final class FixedClock implements TimeSource {
  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public long ticks() {
    return TimeSource.system().ticks();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return TimeSource.system().schedule(delay, task);
  }

  @Override
  public Waiter waiter() {
    return TimeSource.system().waiter();
  }
}

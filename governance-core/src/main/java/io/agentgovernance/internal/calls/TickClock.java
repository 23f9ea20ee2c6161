// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.time.TimeSource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that runs with a time source's ticks, so that setting the machine's clock moves no wait.
 */
final class TickClock extends Clock {
  private final TimeSource time;
  private final Instant origin;
  private final long originTicks;

  TickClock(TimeSource time) {
    this.time = time;
    this.origin = time.now();
    this.originTicks = time.ticks();
  }

  @Override
  public Instant instant() {
    return origin.plusNanos(time.ticks() - originTicks);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}

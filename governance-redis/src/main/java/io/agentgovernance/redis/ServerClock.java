// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.time.TimeSource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The server's time: what its latest reply said, and what has passed since by this JVM's monotonic
 * clock. A wall clock that jumps here does not matter. Thread safe.
 */
final class ServerClock {
  private record Reading(Instant server, long ticks) {}

  private final TimeSource time;
  private volatile Reading latest;

  ServerClock(TimeSource time) {
    this.time = time;
    this.latest = new Reading(time.now(), time.ticks()); // until the server says
  }

  /** Notes what a reply said, in microseconds since 1970. */
  void heard(String micros) {
    Instant server = Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
    latest = new Reading(server, time.ticks());
  }

  Instant now() {
    Reading reading = latest;
    return reading.server().plusNanos(Math.max(0, time.ticks() - reading.ticks()));
  }
}

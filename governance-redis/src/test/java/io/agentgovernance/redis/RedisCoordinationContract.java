// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.spi.Coordination;
import io.agentgovernance.testkit.contract.CoordinationContract;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** The contract on a real server, whose time for leases a fact moves. */
abstract class RedisCoordinationContract extends CoordinationContract {
  private final HeldClock clock = new HeldClock();

  /** Where the server is. */
  abstract String uri();

  RedisOptions options() {
    return RedisOptions.DEFAULT;
  }

  @Override
  protected Coordination open(TimeSource time) {
    clock.set(time.now());
    return new RedisCoordination(
        RedisConnections.open(RedisAddress.parse(uri()), options(), Optional.empty()), time, clock);
  }

  @Override
  protected void pass(Duration by) {
    super.pass(by);
    clock.pass(by);
  }
}

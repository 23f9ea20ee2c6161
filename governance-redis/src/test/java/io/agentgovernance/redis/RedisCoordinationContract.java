// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.spi.Coordination;
import io.agentgovernance.testkit.contract.CoordinationContract;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * The contract on a real server, whose time for leases a fact moves. The facts of a class share the
 * connections, as the runs of a JVM do.
 */
abstract class RedisCoordinationContract extends CoordinationContract {
  private final HeldClock clock = new HeldClock();

  /** The connections to the server. */
  abstract RedisConnections connections();

  static RedisConnections connect(String uri, RedisOptions.Protocol protocol) {
    return RedisConnections.open(
        RedisAddress.parse(uri), RedisOptions.DEFAULT.withProtocol(protocol), Optional.empty());
  }

  @Override
  protected Coordination open(TimeSource time) {
    clock.set(time.now());
    return new RedisCoordination(connections(), time, clock, () -> {});
  }

  @Override
  protected void pass(Duration by) {
    super.pass(by);
    clock.pass(by);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RedisCoordinationResp3Test extends RedisCoordinationContract {
  private static RedisServer redis;
  private static RedisConnections connections;

  @BeforeAll
  static void connect() {
    redis = RedisServer.start();
    connections = connect(redis.uri(), RedisOptions.Protocol.RESP3);
  }

  @AfterAll
  static void close() {
    connections.close();
    redis.close();
  }

  @Override
  RedisConnections connections() {
    return connections;
  }
}

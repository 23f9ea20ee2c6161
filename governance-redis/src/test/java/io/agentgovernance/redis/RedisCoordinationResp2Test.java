// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "governance.soak", matches = "true")
@Timeout(120)
class RedisCoordinationResp2Test extends RedisCoordinationContract {
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void closeRedis() {
    redis.close();
  }

  @Override
  String uri() {
    return redis.uri();
  }

  @Override
  RedisOptions options() {
    return RedisOptions.DEFAULT.withProtocol(RedisOptions.Protocol.RESP2);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisCluster;
import io.agentgovernance.testkit.redis.RedisServer;

/** Servers that tests share which do nothing to them; they end with the JVM of the tests. */
final class SharedServers {
  private SharedServers() {}

  private static final class Single {
    static final RedisServer SERVER =
        RedisServer.builder().appendOnly(AppendOnly.EVERY_SECOND).start();
  }

  private static final class Cluster {
    static final RedisCluster CLUSTER = RedisCluster.start();
  }

  static RedisServer single() {
    return Single.SERVER;
  }

  static RedisCluster cluster() {
    return Cluster.CLUSTER;
  }
}

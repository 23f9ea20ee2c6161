// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;

/**
 * A connection that is not shared, for commands that block.
 *
 * @param connection is closed by who asked for it
 * @param commands of that connection
 */
record RedisLine(
    StatefulConnection<String, String> connection,
    RedisClusterAsyncCommands<String, String> commands)
    implements AutoCloseable {

  static RedisLine connect(AbstractRedisClient client, RedisURI uri) {
    if (client instanceof RedisClusterClient cluster) {
      var made = cluster.connect(StringCodec.UTF8);
      return new RedisLine(made, made.async());
    }
    var made = ((RedisClient) client).connect(StringCodec.UTF8, uri);
    return new RedisLine(made, made.async());
  }

  @Override
  public void close() {
    var unused = connection.closeAsync();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that fits the server, and its one connection for commands.
 *
 * @param client of a single server, or of a cluster
 * @param commands of the connection, which ends with the client
 */
record RedisLink(AbstractRedisClient client, RedisClusterAsyncCommands<String, String> commands) {

  /** Connects, and asks the server whether it is part of a cluster if nobody says. */
  static RedisLink connect(
      RedisOptions options, RedisAddress address, List<RedisURI> uris, ClientResources resources) {
    boolean several = uris.size() > 1;
    if (options.topology() == RedisOptions.Topology.CLUSTER
        || (several && options.topology() == RedisOptions.Topology.DETECT)) {
      return cluster(options, address, uris, resources);
    }
    RedisClient client = RedisClient.create(resources);
    client.setOptions(RedisClients.single(options, address));
    try {
      StatefulRedisConnection<String, String> connection =
          client.connect(StringCodec.UTF8, uris.get(0));
      if (options.topology() != RedisOptions.Topology.DETECT || !inCluster(connection)) {
        return new RedisLink(client, connection.async());
      }
    } catch (RuntimeException e) {
      shutdown(client);
      throw e;
    }
    shutdown(client);
    return cluster(options, address, uris, resources);
  }

  /**
   * A user that may not ask is taken for one of a single server. What the servers say of themselves
   * under {@code server} differs: Valkey has no {@code redis_mode}. This they all say.
   */
  private static boolean inCluster(StatefulRedisConnection<String, String> connection) {
    try {
      return connection.sync().info("cluster").contains("cluster_enabled:1");
    } catch (RedisCommandExecutionException e) {
      return false;
    }
  }

  private static RedisLink cluster(
      RedisOptions options, RedisAddress address, List<RedisURI> uris, ClientResources resources) {
    RedisClusterClient client = RedisClusterClient.create(resources, uris);
    client.setOptions(RedisClients.cluster(options, address));
    try {
      return new RedisLink(client, client.connect(StringCodec.UTF8).async());
    } catch (RuntimeException e) {
      shutdown(client);
      throw e;
    }
  }

  /** Closes a client and its connections within seconds. */
  static void shutdown(AbstractRedisClient client) {
    client.shutdown(0, RedisConnections.SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.secret.Log;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What an acknowledged write survives, by the settings of the server. */
final class ServerDurability {
  private static final Log log = Log.of(ServerDurability.class);

  private ServerDurability() {}

  /** Asks the server, or each master of a cluster; the weakest counts. */
  static Durability read(RedisConnections connections) {
    Durability weakest = Durability.DURABLE;
    for (RedisClusterAsyncCommands<String, String> node : nodes(connections)) {
      Durability found = read(connections, node);
      weakest = found.atLeast(weakest) ? weakest : found;
    }
    return weakest;
  }

  private static List<RedisClusterAsyncCommands<String, String>> nodes(
      RedisConnections connections) {
    List<RedisClusterAsyncCommands<String, String>> nodes = new ArrayList<>();
    if (connections.commands()
        instanceof RedisAdvancedClusterAsyncCommands<String, String> cluster) {
      nodes.addAll(cluster.upstream().asMap().values());
    } else {
      nodes.add(connections.commands());
    }
    return nodes;
  }

  private static Durability read(
      RedisConnections connections, RedisClusterAsyncCommands<String, String> node) {
    return of(
        connections.where(),
        ask(connections, "INFO", node, c -> c.info()),
        config(connections, node));
  }

  /**
   * What the answers mean.
   *
   * @param info what {@code INFO} says; empty if it is not allowed
   * @param config what {@code CONFIG GET} says; empty if it is not allowed
   */
  static Durability of(String where, String info, Map<String, String> config) {
    if (info.contains("dragonfly_version:")) {
      log.info("{}: DragonflyDB has no append-only file: what it holds is lost with it", where);
      return Durability.MEMORY;
    }
    if (config.getOrDefault("maxmemory-policy", "").startsWith("allkeys-")) {
      log.warn("{}: its maxmemory-policy lets it forget any key; set noeviction", where);
      return Durability.MEMORY;
    }
    if (config.isEmpty()) {
      log.info("{}: CONFIG is not allowed, so appendfsync is taken for everysec", where);
      return info.contains("aof_enabled:1") ? Durability.PROCESS_CRASH : Durability.MEMORY;
    }
    if (!"yes".equals(config.get("appendonly"))) {
      log.info("{}: appendonly is off: what it holds is lost with its process", where);
      return Durability.MEMORY;
    }
    if ("always".equals(config.get("appendfsync"))
        && "no".equals(config.get("no-appendfsync-on-rewrite"))) {
      return Durability.DURABLE;
    }
    log.info("{}: a power loss takes what its appendfsync setting has not written yet", where);
    return Durability.PROCESS_CRASH;
  }

  private static Map<String, String> config(
      RedisConnections connections, RedisClusterAsyncCommands<String, String> node) {
    try {
      Map<String, String> found =
          new HashMap<>(connections.call("CONFIG GET", () -> node.configGet("*append*")));
      found.putAll(connections.call("CONFIG GET", () -> node.configGet("maxmemory-policy")));
      return found;
    } catch (RedisFailure e) {
      return refused(e, Map.of());
    }
  }

  private static String ask(
      RedisConnections connections,
      String what,
      RedisClusterAsyncCommands<String, String> node,
      Function<RedisClusterAsyncCommands<String, String>, CompletionStage<String>> command) {
    try {
      return connections.call(what, () -> command.apply(node));
    } catch (RedisFailure e) {
      return refused(e, "");
    }
  }

  /** A user that may not ask is told so by an error; anything else is a failure. */
  private static <T> T refused(RedisFailure failure, T otherwise) {
    if (failure.getCause() instanceof RedisCommandExecutionException && !failure.retryable()) {
      return otherwise;
    }
    throw failure;
  }
}

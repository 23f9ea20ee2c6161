// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster of three real servers on the loopback interface, without replicas. Thread safe; see
 * {@link RedisServer} for how its processes end.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int NODES = 3;
  private static final int SLOTS = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<RedisServer> nodes;

  private RedisCluster(List<RedisServer> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Starts one and waits until every node knows all slots, thirty seconds at most.
   *
   * @throws IllegalStateException if that does not happen
   */
  public static RedisCluster start() {
    List<RedisServer> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(
            RedisServer.builder()
                .config("cluster-enabled", "yes")
                .config("cluster-config-file", "nodes.conf")
                .config("cluster-node-timeout", "2000")
                .start());
      }
      for (int i = 0; i < NODES; i++) {
        RedisServer node = nodes.get(i);
        Object unused = node.command("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
        unused = node.command(slots(SLOTS * i / NODES, SLOTS * (i + 1) / NODES));
      }
      for (int i = 0; i < NODES; i++) { // a node that knows another one may not be given an epoch
        int next = nodes.get((i + 1) % NODES).port();
        Object unused = nodes.get(i).command("CLUSTER", "MEET", "127.0.0.1", String.valueOf(next));
      }
      awaitReady(nodes);
      return new RedisCluster(nodes);
    } catch (RuntimeException e) {
      nodes.forEach(RedisServer::close);
      throw e;
    }
  }

  private static String[] slots(int from, int to) {
    List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
    for (int slot = from; slot < to; slot++) {
      words.add(String.valueOf(slot));
    }
    return words.toArray(String[]::new);
  }

  private static void awaitReady(List<RedisServer> nodes) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!nodes.stream().allMatch(RedisCluster::ready)) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException(
            "the cluster is not ready after " + PATIENCE + ": " + nodes.get(0).command(INFO));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static final String[] INFO = {"CLUSTER", "INFO"};

  private static boolean ready(RedisServer node) {
    String info = String.valueOf(node.command(INFO));
    return info.contains("cluster_state:ok")
        && info.contains("cluster_slots_ok:" + SLOTS)
        && info.contains("cluster_known_nodes:" + NODES);
  }

  /** Returns its nodes. */
  public List<RedisServer> nodes() {
    return nodes;
  }

  /** Returns a URI of its first node: {@code redis://127.0.0.1:<port>}. */
  public String uri() {
    return nodes.get(0).uri();
  }

  /** Ends its nodes and removes their folders. Idempotent. */
  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}

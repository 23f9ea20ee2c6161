// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A master, its replica, and three sentinels that make the replica the master when the master is
 * gone for a second. Real processes, on the loopback interface. Thread safe.
 *
 * <p>A sentinel is ready when it knows the replica and the other sentinels.
 */
public final class RedisSentinels implements AutoCloseable {
  /** What the sentinels call the master. */
  public static final String NAME = "main";

  private static final int SENTINELS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RedisServer master;
  private final RedisServer replica;
  private final List<RedisServer> sentinels;

  private RedisSentinels(RedisServer master, RedisServer replica, List<RedisServer> sentinels) {
    this.master = master;
    this.replica = replica;
    this.sentinels = List.copyOf(sentinels);
  }

  /**
   * Starts all of them and waits until they know each other.
   *
   * @throws IllegalStateException if that does not happen within a minute
   */
  public static RedisSentinels start() {
    List<RedisServer> started = new ArrayList<>();
    try {
      RedisServer master = RedisServer.start();
      started.add(master);
      RedisServer replica =
          RedisServer.builder().config("replicaof", "127.0.0.1 " + master.port()).start();
      started.add(replica);
      List<RedisServer> sentinels = new ArrayList<>();
      for (int i = 0; i < SENTINELS; i++) {
        RedisServer sentinel =
            RedisServer.builder()
                .sentinel()
                .config("sentinel monitor", NAME + " 127.0.0.1 " + master.port() + " 2")
                .config("sentinel down-after-milliseconds", NAME + " 1000")
                .config("sentinel failover-timeout", NAME + " 5000")
                .start();
        started.add(sentinel);
        sentinels.add(sentinel);
      }
      RedisSentinels all = new RedisSentinels(master, replica, sentinels);
      all.awaitReady();
      return all;
    } catch (RuntimeException e) {
      started.forEach(RedisServer::close);
      throw e;
    }
  }

  private void awaitReady() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!sentinels.stream().allMatch(RedisSentinels::ready)) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("the sentinels are not ready after " + PATIENCE);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static boolean ready(RedisServer sentinel) {
    String info = String.valueOf(sentinel.command("INFO", "sentinel"));
    return info.contains("status=ok") && info.contains("slaves=1,sentinels=" + SENTINELS);
  }

  /** Who was the master at first. */
  public RedisServer master() {
    return master;
  }

  /** Who was its replica at first. */
  public RedisServer replica() {
    return replica;
  }

  /** Which port the sentinels say the master has now. */
  public int masterPort() {
    Object said = sentinels.get(0).command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    if (said instanceof List<?> address && address.size() == 2) {
      return Integer.parseInt(String.valueOf(address.get(1)));
    }
    throw new IllegalStateException("the sentinels know no master '" + NAME + "': " + said);
  }

  /** Returns {@code redis-sentinel://<sentinels>#main}. */
  public String uri() {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    replica.close();
    master.close();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.testkit.redis.RedisCluster;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F17: the slot of a run goes to another node of the cluster while it is written to. */
@Timeout(300)
class SlotMoveTest {

  @Test
  void aRunFollowsItsSlotAndKeepsAllItsKeysInOne() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisCoordination coordination = TestRun.open(cluster.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      String slot = slotOf(cluster, run.keys().control());
      for (String key : RunLog.allKeys(run.keys())) {
        assertThat(slotOf(cluster, key)).isEqualTo(slot);
      }
      Load load = Load.on(run.store, agent, 4);
      try (load) {
        for (int i = 0; i < Trial.times(2, 5); i++) {
          load.awaitMore(100);
          move(cluster, slot);
        }
        load.awaitMore(100);
      }

      assertThat(load.refused()).isZero();
      try (RedisCoordination other = TestRun.open(cluster.uri())) {
        var seen = other.attach(run.id()).orElseThrow();
        assertThat(Load.versions(seen))
            .isBetween((long) load.acknowledged(), load.acknowledged() + 4L);
      }
    }
  }

  /** The control: who stays with the node where the slot was is turned away. */
  @Test
  void whoDoesNotFollowTheSlotIsTurnedAway() {
    try (RedisCluster cluster = RedisCluster.start()) {
      String slot = slotOf(cluster, "{a}");
      RedisServer owner =
          cluster.nodes().stream().filter(node -> owns(node, slot)).findFirst().orElseThrow();
      RedisAddress there = RedisAddress.parse(owner.uri() + "?topology=single");
      try (RedisConnections staying =
          RedisConnections.open(there, RedisOptions.DEFAULT, Optional.empty())) {
        String unused = staying.call("SET", () -> staying.commands().set("{a}:key", "value"));
        move(cluster, slot);

        assertThatThrownBy(() -> staying.call("GET", () -> staying.commands().get("{a}:key")))
            .isInstanceOf(RedisFailure.class)
            .hasStackTraceContaining("MOVED " + slot);
      }
    }
  }

  /** The control: keys of two tags are in two slots, and no script may touch both. */
  @Test
  void withoutOneTagForAllKeysOfARunTheClusterRefusesItsScripts() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse(cluster.uri()), RedisOptions.DEFAULT, Optional.empty())) {
      Script two = Script.of("two", "return {KEYS[1], KEYS[2]}");
      List<Object> together =
          connections.call(
              "two", () -> connections.run(two, new String[] {"{a}:control", "{a}:log"}));
      assertThat(together).hasSize(2);

      assertThatThrownBy(
              () ->
                  connections.call(
                      "two", () -> connections.run(two, new String[] {"{a}:control", "{b}:log"})))
          .isInstanceOf(RedisFailure.class)
          .hasStackTraceContaining("CROSSSLOT");
    }
  }

  private static String slotOf(RedisCluster cluster, String key) {
    return String.valueOf(cluster.nodes().get(0).command("CLUSTER", "KEYSLOT", key));
  }

  /** As an operator would: mark it on both sides, move the keys, tell everybody. */
  private static void move(RedisCluster cluster, String slot) {
    List<RedisServer> nodes = cluster.nodes();
    RedisServer from = nodes.stream().filter(node -> owns(node, slot)).findFirst().orElseThrow();
    RedisServer to = nodes.get((nodes.indexOf(from) + 1) % nodes.size());
    String source = idOf(from);
    String target = idOf(to);
    Object unused = to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
    unused = from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
    List<?> keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", slot, "1000");
    while (keys != null && !keys.isEmpty()) {
      List<String> migrate =
          new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + to.port(), "", "0", "5000", "KEYS"));
      keys.forEach(key -> migrate.add(String.valueOf(key)));
      unused = from.command(migrate.toArray(String[]::new));
      keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", slot, "1000");
    }
    unused = to.command("CLUSTER", "SETSLOT", slot, "NODE", target);
    unused = from.command("CLUSTER", "SETSLOT", slot, "NODE", target);
    nodes.forEach(
        node -> {
          Object ignored = node.command("CLUSTER", "SETSLOT", slot, "NODE", target);
        });
  }

  private static String idOf(RedisServer node) {
    return String.valueOf(node.command("CLUSTER", "MYID"));
  }

  private static boolean owns(RedisServer node, String slot) {
    String nodes = String.valueOf(node.command("CLUSTER", "NODES"));
    return nodes
        .lines()
        .filter(line -> line.contains("myself"))
        .anyMatch(line -> covers(line.split(" ", -1), Integer.parseInt(slot)));
  }

  private static boolean covers(String[] words, int slot) {
    for (int i = 8; i < words.length; i++) {
      String[] range = words[i].split("-", -1);
      if (!words[i].startsWith("[")
          && Integer.parseInt(range[0]) <= slot
          && slot <= Integer.parseInt(range[range.length - 1])) {
        return true;
      }
    }
    return false;
  }
}

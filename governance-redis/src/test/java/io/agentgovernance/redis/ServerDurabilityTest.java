// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.ledger.Durability.DURABLE;
import static io.agentgovernance.ledger.Durability.MEMORY;
import static io.agentgovernance.ledger.Durability.PROCESS_CRASH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerDurabilityTest {

  private static Durability opened(String uri) {
    try (var store =
        RedisCheckpointStore.builder(uri).secrets(reference -> Secret.of("pw")).open()) {
      return store.durability();
    }
  }

  @Test
  void followsTheSettingsOfTheServer() {
    Map<AppendOnly, Durability> found = new HashMap<>();
    for (AppendOnly appendOnly : AppendOnly.values()) {
      try (RedisServer redis = RedisServer.builder().appendOnly(appendOnly).start()) {
        found.put(appendOnly, opened(redis.uri()));
      }
    }
    assertThat(found)
        .containsEntry(AppendOnly.OFF, MEMORY)
        .containsEntry(AppendOnly.EVERY_SECOND, PROCESS_CRASH)
        .containsEntry(AppendOnly.ALWAYS, DURABLE);
  }

  @Test
  void takesTheWorseForGrantedWhereItMayNotAsk() {
    try (RedisServer redis =
        RedisServer.builder()
            .appendOnly(AppendOnly.ALWAYS)
            .user("noconfig", "on >pw ~* &* +@all -config")
            .user("noinfo", "on >pw ~* &* +@all -config -info")
            .start()) {
      String login = "?topology=single&password=env:PW&username=";

      assertThat(opened(redis.uri())).isEqualTo(DURABLE);
      assertThat(opened(redis.uri() + login + "noconfig")).isEqualTo(PROCESS_CRASH);
      assertThat(opened(redis.uri() + login + "noinfo")).isEqualTo(MEMORY);
    }
  }

  @Test
  void aRewriteThatIsNotSynchronisedOrAnyForgettingIsNotDurable() {
    Map<String, String> config =
        new HashMap<>(
            Map.of(
                "appendonly", "yes",
                "appendfsync", "always",
                "no-appendfsync-on-rewrite", "no",
                "maxmemory-policy", "noeviction"));
    assertThat(ServerDurability.of("here", "", config)).isEqualTo(DURABLE);

    config.put("no-appendfsync-on-rewrite", "yes");
    assertThat(ServerDurability.of("here", "", config)).isEqualTo(PROCESS_CRASH);
    config.put("no-appendfsync-on-rewrite", "no");
    config.put("maxmemory-policy", "allkeys-lru");
    assertThat(ServerDurability.of("here", "", config)).isEqualTo(MEMORY);
  }

  @Test
  void dragonflyHasNoAppendOnlyFile() {
    String info = "# Server\r\nredis_version:7.4.0\r\ndragonfly_version:df-v1.40.1\r\n";

    assertThat(ServerDurability.of("here", info, Map.of("appendonly", "yes"))).isEqualTo(MEMORY);
  }

  @Test
  void whoRequiresDurabilityIsToldWhatToSet() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.EVERY_SECOND).start()) {
      var builder =
          Orchestrator.builder()
              .model("local:")
              .checkpoints(redis.uri())
              .require(Durability.DURABLE);

      assertThatThrownBy(builder::build)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("PROCESS_CRASH")
          .hasMessageContaining("appendfsync always");
    }
  }
}

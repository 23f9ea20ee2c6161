// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.testkit.redis.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scripts of checkpoints and messages use no key that they do not declare: each is run by a user
 * who may use exactly those. DragonflyDB refuses any other.
 */
@Timeout(60)
class DeclaredKeysTest {
  private static RedisServer redis;
  private static RedisClient client;
  private static RedisCommands<String, String> limited;

  private final RunId run = RunId.random();
  private final CheckpointKeys checkpoints = CheckpointKeys.of(TenantId.DEFAULT, run);
  private final MessageKeys messages = MessageKeys.of(TenantId.DEFAULT, run);

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    redis.command("ACL", "SETUSER", "limited", "reset", "on", ">pw", "&*", "+@all");
    client = RedisClient.create();
    limited =
        client
            .connect(
                RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(redis.port())
                    .withAuthentication("limited", "pw".toCharArray())
                    .build())
            .sync();
  }

  @AfterAll
  static void stop() {
    client.shutdown();
    redis.close();
  }

  @BeforeEach
  @AfterEach
  void nothingIsAllowed() {
    redis.command("ACL", "SETUSER", "limited", "resetkeys");
  }

  private static String run(String script, String[] keys, String... arguments) {
    List<String> rule = new ArrayList<>(List.of("ACL", "SETUSER", "limited", "resetkeys"));
    for (String key : keys) {
      rule.add("~" + key);
    }
    redis.command(rule.toArray(String[]::new));
    List<Object> answer =
        limited.eval(Script.text(script), ScriptOutputType.MULTI, keys, arguments);
    return String.valueOf(answer.get(0));
  }

  @Test
  void thoseOfCheckpoints() {
    String[] claim = checkpoints.toClaim();
    assertThat(run("checkpoint_claim", claim, "0", "a", "10000")).isEqualTo("OK");
    assertThat(run("checkpoint_claim", claim, "0", "a", "10000")).isEqualTo("DUP");
    assertThat(run("checkpoint_claim", claim, "0", "b", "10000")).isEqualTo("CONFLICT");
    String[] append = checkpoints.toAppend();
    assertThat(run("checkpoint_append", append, "1", "l1", "1", "1", "0", "{}", "{}"))
        .isEqualTo("OK");
    assertThat(run("checkpoint_append", append, "1", "l1", "1", "0", "0", "{}")).isEqualTo("DUP");
    assertThat(run("checkpoint_append", append, "2", "l1", "2", "0", "0", "{}")).isEqualTo("STALE");
    assertThat(run("checkpoint_append", append, "1", "l2", "1", "0", "1", "l1", "1", "{}"))
        .isEqualTo("OK");
    assertThat(run("checkpoint_hold", checkpoints.toHold(), "1", "10000")).isEqualTo("OK");
    assertThat(run("checkpoint_release", checkpoints.toHold(), "1")).isEqualTo("OK");
    assertThat(run("checkpoint_hold", checkpoints.toHold(), "1", "10000")).isEqualTo("GONE");
    String[] finish = checkpoints.toFinish();
    assertThat(run("checkpoint_finish", finish, "7", "10000")).isEqualTo("STALE");
    assertThat(run("checkpoint_finish", finish, "1", "10000")).isEqualTo("OK");
    assertThat(run("checkpoint_finish", finish, "1", "10000")).isEqualTo("DUP");
    assertThat(run("checkpoint_append", append, "1", "l1", "2", "0", "0", "{}")).isEqualTo("OK");
  }

  @Test
  void thoseOfTheListOfUnfinishedRuns() {
    String[] registry = {RedisKeys.unfinishedRuns(TenantId.DEFAULT)};
    assertThat(run("registry_reserve", registry, run.value())).isEqualTo("OK");
    assertThat(run("registry_drop", registry, run.value(), "1")).isEqualTo("GONE");
    redis.command("ZADD", registry[0], "1", run.value());
    assertThat(run("registry_drop", registry, run.value(), "1")).isEqualTo("OK");
  }

  @Test
  void thoseOfMessages() {
    String[] publish = messages.toPublish();
    assertThat(run("message_publish", publish, "m1", "{}", "channel", "8", "2", "10000"))
        .isEqualTo("OK");
    assertThat(run("message_publish", publish, "m1", "{}", "channel", "8", "2", "10000"))
        .isEqualTo("DUP");
    assertThat(run("message_publish", publish, "m2", "{      }", "channel", "4", "2", "10000"))
        .isEqualTo("OK");
    assertThat(run("message_publish", publish, "m3", "{}", "channel", "8", "2", "10000"))
        .isEqualTo("FULL");
    String[] bury = messages.toBury();
    redis.command("XGROUP", "CREATE", messages.messages(), "group", "0");
    redis.command(
        "XREADGROUP", "GROUP", "group", "c", "COUNT", "1", "STREAMS", messages.messages(), ">");
    assertThat(run("message_bury", bury, "group", "1-0", "1", "5", "{}", "10000")).isEqualTo("OK");
    assertThat(run("message_bury", bury, "group", "1-0", "1", "5", "{}", "10000"))
        .isEqualTo("GONE");
  }

  @Test
  void aScriptThatUsesAnotherKeyIsFound() {
    String[] short1 = {messages.messages()};

    assertThatThrownBy(
            () -> run("message_publish", short1, "m1", "{}", "channel", "8", "2", "10000"))
        .isInstanceOf(RedisCommandExecutionException.class);
    assertThatThrownBy(
            () ->
                limited.eval(
                    "return redis.call('GET', 'another')", ScriptOutputType.VALUE, "declared"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessageContaining("key");
  }
}

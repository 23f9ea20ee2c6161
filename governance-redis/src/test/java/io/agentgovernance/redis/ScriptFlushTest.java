// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisServer;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F16: a server forgets its scripts, by itself or because it was started again. */
@Timeout(120)
class ScriptFlushTest {
  private static final int TIMES = 100;
  private static final int RESTARTS = 5;
  private static final Pattern TEXTS = Pattern.compile("cmdstat_eval:calls=(\\d+)");

  @Test
  void aHundredTimesItIsGivenTheScriptOnceAndNobodyNotices() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.ALWAYS).start();
        RedisCoordination coordination = TestRun.open(redis.uri());
        RedisCoordination other = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      RunStore elsewhere = other.attach(run.id()).orElseThrow();
      awaitQuiet(run.store, elsewhere, agent);

      for (int i = 0; i < TIMES; i++) {
        redis.command("SCRIPT", "FLUSH");
        long before = texts(redis);
        assertThat(run.store.apply(agent.write("w" + i, "key")).accepted()).isTrue();
        assertThat(texts(redis) - before).as("write %s", i).isEqualTo(1);
      }

      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(TIMES);
    }
  }

  /**
   * A store that has connected asks for what it missed, by the same script. When both have heard of
   * changes of the other and been answered themselves, several times in turn, they have done so.
   */
  private static void awaitQuiet(RunStore here, RunStore there, TestRun.Agent agent) {
    for (int i = 0; i < 4; i++) {
      String id = "quiet-" + i;
      assertThat((i % 2 == 0 ? here : there).apply(agent.write(id, id)).accepted()).isTrue();
      Trial.await(
          "both have heard of it", () -> here.entry(id).isPresent() && there.entry(id).isPresent());
    }
  }

  @Test
  void aRestartIsNoticedByNobody() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.ALWAYS).start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      for (int i = 0; i < RESTARTS; i++) {
        redis.kill();
        redis.restart();
        assertThat(run.store.apply(agent.write("w" + i, "key")).accepted()).isTrue();
      }
      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(RESTARTS);
    }
  }

  @Test
  void aServerThatWasStartedAgainIsGivenTheScriptOnce() {
    Script echo = Script.of("echo", "return {KEYS[1]}");
    String[] keys = {"key"};
    try (RedisServer redis = RedisServer.start();
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse(redis.uri()), RedisOptions.DEFAULT, Optional.empty())) {
      for (int i = 0; i < RESTARTS; i++) {
        for (int call = 0; call < 3; call++) {
          assertThat(connections.call("echo", () -> connections.run(echo, keys)))
              .containsExactly("key");
        }
        assertThat(texts(redis)).isEqualTo(1);
        redis.kill();
        redis.restart();
      }
    }
  }

  /** How often the server was sent the text of a script. */
  private static long texts(RedisServer redis) {
    Matcher found = TEXTS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  /** The control: who only names a script is refused. */
  @Test
  void withoutGivingItAgainTheServerRefusesAScriptItForgot() {
    Script echo = Script.of("echo", "return {KEYS[1]}");
    String[] keys = {"key"};
    try (RedisServer redis = RedisServer.start();
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse(redis.uri()), RedisOptions.DEFAULT, Optional.empty())) {
      List<Object> known = connections.call("echo", () -> connections.run(echo, keys));
      assertThat(known).containsExactly("key");
      redis.command("SCRIPT", "FLUSH");

      assertThatThrownBy(
              () ->
                  connections.call(
                      "echo",
                      () ->
                          connections
                              .commands()
                              .<List<Object>>evalsha(echo.digest(), ScriptOutputType.MULTI, keys)))
          .isInstanceOf(RedisFailure.class)
          .hasStackTraceContaining("NOSCRIPT");
    }
  }
}

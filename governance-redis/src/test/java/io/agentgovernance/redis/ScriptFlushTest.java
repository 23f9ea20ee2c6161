// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  private static final int RESTART_EACH = 25;
  private static final Pattern TEXTS = Pattern.compile("cmdstat_eval:calls=(\\d+)");

  @Test
  void aHundredTimesItIsGivenTheScriptOnceAndNobodyNotices() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.ALWAYS).start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");

      long all = 0;
      for (int i = 0; i < TIMES; i++) {
        if (i % RESTART_EACH == RESTART_EACH - 1) {
          redis.kill();
          redis.restart();
        } else {
          redis.command("SCRIPT", "FLUSH");
        }
        long before = texts(redis);
        assertThat(run.store.apply(agent.write("w" + i, "key")).accepted()).isTrue();
        all += texts(redis) - before;
      }
      long feeds = 2L * (1 + TIMES / RESTART_EACH);
      assertThat(all)
          .as("one text each time, but for a feed that has connected and asks by the same script")
          .isBetween(TIMES - feeds, TIMES + feeds);

      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(TIMES);
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

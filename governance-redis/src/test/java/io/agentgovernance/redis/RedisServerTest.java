// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisCluster;
import io.agentgovernance.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The servers that the other tests run against. */
@Timeout(120)
class RedisServerTest {

  @Test
  void keepsWhatItAcknowledgedOverAKillIfItHasAFile() {
    for (AppendOnly appendOnly : AppendOnly.values()) {
      try (RedisServer redis = RedisServer.builder().appendOnly(appendOnly).start()) {
        redis.command("SET", "k", "v");

        redis.kill();
        redis.restart();

        assertThat(redis.command("GET", "k"))
            .as("%s", appendOnly)
            .isEqualTo(appendOnly == AppendOnly.OFF ? null : "v");
      }
    }
  }

  @Test
  void asksForItsPasswordAndKnowsItsUsers() {
    try (RedisServer redis =
        RedisServer.builder().password("open-sesame").user("reader", "on >pw ~a* +get").start()) {
      assertThat(redis.command("PING")).isEqualTo("PONG");
      assertThat((List<?>) redis.command("ACL", "LIST")).hasSize(2);
      assertThatThrownBy(() -> redis.command("AUTH", "wrong"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AUTH");
    }
  }

  @Test
  void standsStillWhilePaused() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      redis.pause();
      var answer = CompletableFuture.supplyAsync(() -> redis.command("PING"));
      assertThatThrownBy(() -> answer.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      redis.resume();

      assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("PONG");
    }
  }

  /** A program that a thread writes cannot be run while another thread starts a process. */
  @Test
  void startsManyAtOnce() throws Exception {
    ExecutorService starters = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Object>> all =
          Collections.nCopies(
              16,
              () -> {
                try (RedisServer redis = RedisServer.start()) {
                  return redis.command("PING");
                }
              });
      for (Future<Object> answer : starters.invokeAll(all, 30, TimeUnit.SECONDS)) {
        assertThat(answer.get()).isEqualTo("PONG");
      }
    } finally {
      starters.shutdownNow();
    }
  }

  @Test
  void makesAClusterOfThree() {
    try (RedisCluster cluster = RedisCluster.start()) {
      assertThat(cluster.nodes()).hasSize(3);
      long answering =
          cluster.nodes().stream()
              .filter(node -> takes(node, "pipeline:{default/run}:control"))
              .count();
      assertThat(answering).as("each slot has one owner").isEqualTo(1);
    }
  }

  private static boolean takes(RedisServer node, String key) {
    try {
      return "OK".equals(node.command("SET", key, "v"));
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("MOVED");
      return false;
    }
  }

  @Test
  void endsWithTheJvmThatStartedIt() throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starting.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var lines = new BufferedReader(new InputStreamReader(jvm.getInputStream(), UTF_8));
    Path folder = Path.of(lines.readLine());
    assertThat(folder).isDirectory();
    List<ProcessHandle> all = jvm.descendants().toList();
    assertThat(all).hasSize(2);

    jvm.destroyForcibly();

    for (ProcessHandle process : all) {
      process.onExit().get(60, TimeUnit.SECONDS);
    }
    assertThat(Files.exists(folder)).isFalse();
  }

  static final class Starting {
    private Starting() {}

    public static void main(String[] args) throws InterruptedException {
      System.out.println(RedisServer.start().folder());
      Thread.currentThread().join();
    }
  }
}

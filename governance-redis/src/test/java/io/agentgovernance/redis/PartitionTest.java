// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F15: the network lets nothing pass, or comes and goes. */
@Timeout(300)
class PartitionTest {
  private static final Script ECHO = Script.of("echo", "return {ARGV[1]}");

  private static String through(FaultProxy proxy) {
    return "redis://127.0.0.1:" + proxy.port() + "?commandTimeout=200ms";
  }

  @Test
  void callsFailInTimeWhileNothingPassesAndWorkAgainAfterwards() throws Exception {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open(through(proxy))) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");

      for (int i = 0; i < Trial.times(1, 20); i++) {
        String id = "w" + i;
        proxy.hold();
        var pending = CompletableFuture.supplyAsync(() -> run.store.apply(agent.write(id, "key")));
        assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(CoordinationUnavailableException.class);
        assertThatThrownBy(() -> run.store.holds(agent.id().value(), agent.token()))
            .isInstanceOf(CoordinationUnavailableException.class);
        proxy.heal();

        Trial.await("back to normal", () -> accepted(run, agent.write(id, "key")));
        assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(i + 1);
      }
    }
  }

  private static boolean accepted(TestRun run, Command<?> command) {
    try {
      return run.store.apply(command).accepted();
    } catch (CoordinationUnavailableException e) {
      return false;
    }
  }

  @Test
  void aNetworkThatComesAndGoesLosesNothingAndDoublesNothing() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open(through(proxy))) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      Load load = Load.on(run.store, agent, 4);
      try (load) {
        for (int i = 0; i < Trial.times(10, 50); i++) {
          load.awaitMore(20);
          proxy.refuse();
          Trial.await("connections end", () -> proxy.connections() == 0);
          proxy.heal();
        }
        load.awaitMore(100);
      }

      assertThat(load.refused()).isZero();
      try (RedisCoordination other = TestRun.open(redis.uri())) {
        var seen = other.attach(run.id()).orElseThrow();
        assertThat(Load.versions(seen))
            .isBetween((long) load.acknowledged(), load.acknowledged() + 4L);
        assertThat(seen.entries("")).isEqualTo(run.store.entries(""));
      }
    }
  }

  @Test
  void noMoreCommandsWaitThanTheQueueHolds() {
    RedisOptions few =
        RedisOptions.DEFAULT.withQueueSize(100).withCommandTimeout(Duration.ofSeconds(1));
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse("redis://127.0.0.1:" + proxy.port()), few, Optional.empty())) {
      proxy.hold();
      List<CompletableFuture<List<Object>>> replies = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        replies.add(connections.run(ECHO, new String[] {"key"}, "value").toCompletableFuture());
      }

      assertThat(replies.stream().filter(CompletableFuture::isCompletedExceptionally).count())
          .as("refused at once: written and unwritten ones are counted apart")
          .isGreaterThanOrEqualTo(1_000 - 2 * 100);
      Trial.await("the others fail", () -> replies.stream().allMatch(CompletableFuture::isDone));
      proxy.heal();
      Trial.await(
          "back to normal",
          () -> {
            try {
              connections.call("echo", () -> connections.run(ECHO, new String[] {"key"}, "v"));
              return true;
            } catch (RedisFailure e) {
              return false;
            }
          });
    }
  }

  @Test
  void whileTheConnectionIsAwayCommandsAreRefusedAndNotGivenLater() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse("redis://127.0.0.1:" + proxy.port()),
                RedisOptions.DEFAULT,
                Optional.empty())) {
      proxy.refuse();
      Trial.await("it is noticed", () -> refused(connections.commands().ping()));
      List<CompletionStage<Long>> replies = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        replies.add(connections.commands().incr("counter"));
      }

      assertThat(replies).allMatch(PartitionTest::refused);
      proxy.heal();
      Trial.await("back to normal", () -> answered(connections.commands().ping()));
      assertThat(redis.command("GET", "counter")).isNull();
    }
  }

  /**
   * The control: as Lettuce comes, commands are collected, and given when nobody waits for them.
   */
  @Test
  void withoutRefusingThemCommandsAreCollectedAndGivenLater() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port())) {
      RedisClient client = RedisClient.create("redis://127.0.0.1:" + proxy.port());
      try {
        var connection = client.connect();
        proxy.refuse();
        Trial.await("it is noticed", () -> !connection.isOpen() || proxy.connections() == 0);
        List<CompletionStage<Long>> replies = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          replies.add(connection.async().incr("counter"));
        }

        assertThat(replies).noneMatch(PartitionTest::refused);
        proxy.heal();
        Trial.await("they are given", () -> "1000".equals(redis.command("GET", "counter")));
      } finally {
        client.shutdown();
      }
    }
  }

  private static boolean refused(CompletionStage<?> reply) {
    return reply.toCompletableFuture().isCompletedExceptionally();
  }

  private static boolean answered(CompletionStage<?> reply) {
    return reply.handle((answer, thrown) -> thrown == null).toCompletableFuture().join();
  }
}

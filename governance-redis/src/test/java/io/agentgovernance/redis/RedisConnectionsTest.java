// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisCluster;
import io.agentgovernance.testkit.redis.RedisServer;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisConnectionsTest {
  private static final Script ECHO = Script.of("echo", "return {KEYS[1], ARGV[1]}");

  private static RedisConnections open(String uri) {
    return RedisConnections.open(RedisAddress.parse(uri), RedisOptions.DEFAULT, Optional.empty());
  }

  @Test
  void loadsAScriptThatTheServerDoesNotKnow() {
    try (RedisServer redis = RedisServer.start();
        RedisConnections connections = open(redis.uri())) {
      for (int i = 0; i < 3; i++) {
        List<Object> answer =
            connections.await("echo", connections.run(ECHO, new String[] {"key"}, "value"));
        assertThat(answer).containsExactly("key", "value");
        redis.command("SCRIPT", "FLUSH");
      }
    }
  }

  @Test
  void allConnectionsMayShareOneEventLoopThatEndsWithThem() {
    try (RedisServer redis = RedisServer.start()) {
      assertThat(eventLoops(redis, RedisClients::ofOneLoop)).hasSize(1);
      assertThat(eventLoops(redis, RedisClients::resources)).hasSizeGreaterThan(1);
    }
  }

  /** The event loops of three connections, which have ended. */
  private static Set<Thread> eventLoops(RedisServer redis, Supplier<ClientResources> threads) {
    Set<Thread> before = eventLoops();
    Set<Thread> during;
    try (RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse(redis.uri()), RedisOptions.DEFAULT, Optional.empty(), threads);
        RedisLine line = connections.another()) {
      AutoCloseable unused = connections.feed().subscribe("channel", new Deaf());
      assertThat(connections.await("PING", line.commands().ping())).isEqualTo("PONG");
      during = eventLoops();
    }
    during.removeAll(before);
    Eventually.until("they end", () -> during.stream().noneMatch(Thread::isAlive));
    return during;
  }

  private static final class Deaf implements RedisFeed.Listener {
    @Override
    public void announced(String message) {}

    @Override
    public void subscribed() {}
  }

  private static Set<Thread> eventLoops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("lettuce-"))
        .filter(thread -> thread.getName().contains("EventLoop"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void logsInWithASecretThatIsNeverInTheUri() {
    try (RedisServer redis = RedisServer.builder().password("open-sesame").start()) {
      RedisAddress address = RedisAddress.parse(redis.uri() + "?password=env:REDIS_PASSWORD");
      SecretSource right = SecretSource.environment(Map.of("REDIS_PASSWORD", "open-sesame"));
      SecretSource none = SecretSource.environment(Map.of());
      SecretSource wrong = reference -> Secret.of("no-such-word");

      try (RedisConnections connections =
          RedisConnections.open(address, RedisOptions.DEFAULT, Optional.of(right))) {
        assertThat(connections.await("PING", connections.commands().ping())).isEqualTo("PONG");
      }
      assertThatThrownBy(
              () -> RedisConnections.open(address, RedisOptions.DEFAULT, Optional.of(none)))
          .isInstanceOf(SecretUnavailableException.class);
      assertThatThrownBy(
              () -> RedisConnections.open(address, RedisOptions.DEFAULT, Optional.of(wrong)))
          .isInstanceOf(RedisFailure.class)
          .message()
          .doesNotContain("no-such-word");
      assertThatThrownBy(
              () -> RedisConnections.open(address, RedisOptions.DEFAULT, Optional.empty()))
          .isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void findsOutThatAServerIsPartOfACluster() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisConnections connections = open(cluster.nodes().get(0).uri())) {
      for (int i = 0; i < 20; i++) {
        String key = "key" + i;
        List<Object> answer =
            connections.call("echo", () -> connections.run(ECHO, new String[] {key}, "value"));
        assertThat(answer).containsExactly(key, "value");
      }
    }
  }

  @Test
  void saysThatNobodyAnswers() {
    String uri;
    try (RedisServer redis = RedisServer.start()) {
      uri = redis.uri();
    }
    assertThatThrownBy(() -> open(uri))
        .isInstanceOfSatisfying(
            RedisFailure.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageContaining("no answer to connect");
  }

  @Test
  void tellsWhatIsAnnouncedAndThatItSubscribedAgain() throws Exception {
    try (RedisServer redis = RedisServer.start();
        RedisConnections connections = open(redis.uri())) {
      var subscribed = new CountDownLatch(1);
      var again = new CountDownLatch(2);
      var announced = new CountDownLatch(1);
      AutoCloseable subscription =
          connections
              .feed()
              .subscribe(
                  "channel",
                  new RedisFeed.Listener() {
                    @Override
                    public void announced(String message) {
                      announced.countDown();
                    }

                    @Override
                    public void subscribed() {
                      subscribed.countDown();
                      again.countDown();
                    }
                  });
      assertThat(subscribed.await(10, TimeUnit.SECONDS)).isTrue();

      redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();
      redis.command("PUBLISH", "channel", "hello");

      assertThat(announced.await(10, TimeUnit.SECONDS)).isTrue();
      subscription.close();
      assertThat(connections.feed().channels()).isZero();
    }
  }

  @Test
  void whatCannotBeSentIsTriedForAsLongAsThereIsTime() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisConnections connections = open("redis://127.0.0.1:" + proxy.port())) {
      proxy.refuse();
      Trial.await("it is noticed", () -> failure(connections).unsent());
      RedisFailure unsent = failure(connections);
      Attempts attempts = Attempts.of(RedisOptions.DEFAULT);
      for (int i = 0; i < 4 * Attempts.MOST; i++) {
        assertThat(attempts.pause(unsent)).isPresent();
      }
    }
  }

  private static RedisFailure failure(RedisConnections connections) {
    try {
      String answer = connections.await("PING", connections.commands().ping());
      return RedisFailure.of("here", "PING", new IllegalStateException(answer));
    } catch (RedisFailure e) {
      return e;
    }
  }

  /** The control: of what may have been sent there are five attempts. */
  @Test
  void whatGotNoAnswerIsTriedFiveTimes() {
    RedisFailure silent = RedisFailure.of("here", "PING", new TimeoutException());
    Attempts attempts = Attempts.of(RedisOptions.DEFAULT);
    for (int i = 1; i < Attempts.MOST; i++) {
      assertThat(attempts.pause(silent)).isPresent();
    }
    assertThat(attempts.pause(silent)).isEmpty();
  }

  @Test
  void thereIsTimeForFiveCommandsWithoutAnAnswer() {
    RedisFailure silent = RedisFailure.of("here", "PING", new TimeoutException());
    RedisOptions options = RedisOptions.DEFAULT.withCommandTimeout(Duration.ofMillis(300));
    assertThat(Attempts.longest(options)).hasMillis(1_500);
    assertThat(Attempts.of(options).pause(silent)).isPresent();
    RedisOptions shorter = options.withCommandTimeout(Duration.ofMillis(1));
    assertThat(Attempts.of(shorter).pause(silent)).as("5 ms have no room for a pause").isEmpty();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes at one run on a real Redis: one is killed or paused, the other one ends it. */
@Timeout(120)
class ProcessLossTest {
  private static final int MOMENTS = Boolean.getBoolean("governance.soak") ? 20 : 1;
  private static final SplittableRandom RANDOM = new SplittableRandom(20);
  private static final String ALL =
      "RESULT COMPLETED {\"alpha\":\""
          + replies("alpha")
          + "\",\"beta\":\""
          + replies("beta")
          + "\"}";

  /** What happens to which process, and how long after the second one joined. */
  record Loss(String process, String signal, long afterMillis) {}

  private static String replies(String name) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      all.append("re: ").append(name).append(' ').append(i).append(';');
    }
    return all.toString();
  }

  static Stream<Loss> losses() {
    Stream.Builder<Loss> losses = Stream.builder();
    for (int i = 0; i < MOMENTS; i++) {
      losses.add(new Loss("start", "KILL", RANDOM.nextLong(1, 2_500)));
      losses.add(new Loss("join", "KILL", RANDOM.nextLong(1, 2_500)));
    }
    return losses.build();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theRunCompletesWithAllOfItAndNothingFinishedIsRepeated(Loss loss) throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      String run = RunId.random().value();
      var joined = new CountDownLatch(1);
      var result = new CompletableFuture<String>();
      SecondProcess first = node("start", redis, run, joined, result);
      SecondProcess second = node("join", redis, run, joined, result);
      assertThat(joined.await(60, TimeUnit.SECONDS)).isTrue();

      SecondProcess victim = loss.process().equals("start") ? first : second;
      SecondProcess survivor = victim == first ? second : first;
      boolean ended = victim.process().waitFor(loss.afterMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("it is at work").isFalse();
      victim.kill();

      assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(ALL);
      assertThat(survivor.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(redis.command("SMEMBERS", "repeated")).as("finished calls").isEqualTo(List.of());
      long calls = Long.parseLong(String.valueOf(redis.command("GET", "calls")));
      assertThat(calls).as("one in flight for each agent at most").isBetween(24L, 26L);
    }
  }

  private static SecondProcess node(
      String what,
      RedisServer redis,
      String run,
      CountDownLatch joined,
      CompletableFuture<String> result)
      throws Exception {
    return SecondProcess.start(
        NodeMain.class,
        List.of(what, redis.uri(), run),
        line -> {
          if (line.equals("JOINED")) {
            joined.countDown();
          } else if (line.startsWith("RESULT")) {
            result.complete(line);
          }
        });
  }
}

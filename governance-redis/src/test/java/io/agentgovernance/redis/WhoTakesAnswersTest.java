// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.redis.UnluckyRun.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.spi.RunStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer is taken where it arrives, unless there is more to do than an event loop should. */
@Timeout(60)
class WhoTakesAnswersTest {
  private static final String LARGE = "x".repeat(20_000);

  private UnluckyRun unlucky;

  @BeforeEach
  void open() {
    unlucky = new UnluckyRun(StoreScripts.STANDARD.append().text());
  }

  @AfterEach
  void close() {
    unlucky.close();
  }

  private static boolean eventLoop(Thread thread) {
    return thread.getName().startsWith("lettuce-");
  }

  private List<Boolean> sentByEventLoops() {
    return unlucky.senders.stream().map(WhoTakesAnswersTest::eventLoop).toList();
  }

  @Test
  void whatWaitsIsSentByTheEventLoopBeforeAnybodyIsWoken() {
    List<CompletableFuture<Applied<?>>> answers =
        unlucky.whilePaused(note("1"), note("2"), note("3"), note("4"));
    answers.forEach(CompletableFuture::join);

    assertThat(unlucky.sizes()).containsExactly(1, 1, 2);
    assertThat(sentByEventLoops()).containsOnlyOnce(true);
  }

  @Test
  void whatIsLargeIsSentByACaller() {
    List<CompletableFuture<Applied<?>>> answers =
        unlucky.whilePaused(note("1"), note("2"), note("3"), note(LARGE));
    answers.forEach(CompletableFuture::join);

    assertThat(unlucky.sizes()).containsExactly(1, 1, 2);
    assertThat(sentByEventLoops()).isNotEmpty().doesNotContain(true);
  }

  @Test
  void whatWasRefusedIsDecidedAgainByACaller() {
    try (RedisCoordination two = TestRun.open(unlucky.redis.uri())) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      unlucky.proxy.hold();
      List<CompletableFuture<Applied<?>>> answers =
          UnluckyRun.inLine(unlucky.run.store, note("1"), note("2"));
      assertThat(there.apply(note("of another")).accepted()).isTrue();
      unlucky.proxy.heal();
      answers.forEach(CompletableFuture::join);

      assertThat(unlucky.sizes()).containsExactly(1, 2);
      assertThat(sentByEventLoops()).isNotEmpty().doesNotContain(true);
    }
  }

  @Test
  void followersAreNeverToldByAnEventLoop() {
    List<Thread> tellers = new CopyOnWriteArrayList<>();
    AutoCloseable unused = unlucky.run.store.follow(change -> tellers.add(Thread.currentThread()));
    for (int round = 0; round < 20; round++) {
      unlucky
          .whilePaused(note("1"), note("2"), note("3"), note("4"))
          .forEach(CompletableFuture::join);
    }

    Trial.await("all are told", () -> tellers.size() == 80);
    assertThat(tellers).noneMatch(WhoTakesAnswersTest::eventLoop);
  }
}

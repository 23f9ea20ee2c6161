// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException.Outcome;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F15: callers wait for so long and no longer, and are told what is known of their command. */
@Timeout(120)
class LateAnswerTest {
  private static final int CALLERS = 16;

  private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
  private RedisServer redis;
  private FaultProxy proxy;
  private RedisCoordination coordination;

  @BeforeEach
  void open() {
    redis = RedisServer.start();
    proxy = FaultProxy.to(redis.port());
    coordination = TestRun.open("redis://127.0.0.1:" + proxy.port() + "?commandTimeout=300ms");
  }

  @AfterEach
  void close() {
    callers.shutdownNow();
    coordination.close();
    proxy.close();
    redis.close();
  }

  private static Outcome outcome(RunStore store, Command<?> command) {
    return catchThrowableOfType(CoordinationUnavailableException.class, () -> store.apply(command))
        .outcome();
  }

  /** Gives a command as often as it takes. */
  private static Applied<?> insist(RunStore store, Command<?> command) {
    List<Applied<?>> answers = new ArrayList<>();
    Trial.await(
        "an answer",
        () -> {
          try {
            return answers.add(store.apply(command));
          } catch (CoordinationUnavailableException e) {
            return false;
          }
        });
    return answers.get(0);
  }

  @Test
  void whoWasSentMayHaveTakenEffectAndWhoWaitsBehindHasNot() {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    proxy.hold();

    Outcome first = outcome(run.store, agent.write("w1", "first"));
    // the batch of the first is sent again meanwhile: nothing is decided before that is known
    Outcome second = outcome(run.store, agent.write("w2", "second"));
    proxy.heal();

    assertThat(List.of(first, second)).containsExactly(Outcome.UNKNOWN, Outcome.NONE);
    assertThat(insist(run.store, agent.write("w3", "third")).accepted()).isTrue();
    assertThat(run.store.entry("second")).isEmpty();
    assertThat(insist(run.store, agent.write("w1", "first")).accepted()).isTrue();
    assertThat(run.store.entry("first").orElseThrow().version()).isEqualTo(1);
    assertThat(insist(run.store, agent.write("w2", "second")).status()).isEqualTo(Status.OK);
  }

  @Test
  void anAnswerForWhichNobodyWaitsIsTakenAndTold() {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    List<Long> told = new CopyOnWriteArrayList<>();
    run.store.follow(change -> told.add(change.sequence()));
    proxy.hold();
    assertThat(outcome(run.store, agent.write("w1", "key"))).isEqualTo(Outcome.UNKNOWN);

    proxy.heal();

    Trial.await("it is there", () -> run.store.entry("key").isPresent());
    Trial.await("it is told", () -> told.equals(List.of(2L)));
  }

  @Test
  void callersWhoWaitTogetherAreAllToldInTimeAndEachRepetitionTakesEffectOnce() throws Exception {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    for (int round = 0; round < Trial.times(3, 20); round++) {
      int number = round;
      proxy.hold();
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Command<?> write = agent.write("w" + round + "/" + i, "key" + round + "/" + i);
        outcomes.add(CompletableFuture.supplyAsync(() -> outcome(run.store, write), callers));
      }
      List<Outcome> found = new ArrayList<>();
      for (CompletableFuture<Outcome> outcome : outcomes) {
        found.add(outcome.get(30, TimeUnit.SECONDS));
      }
      proxy.heal();
      assertThat(insist(run.store, agent.write("probe" + round, "probe")).accepted()).isTrue();

      for (int i = 0; i < CALLERS; i++) {
        String key = "key" + number + "/" + i;
        if (found.get(i) == Outcome.NONE) {
          assertThat(run.store.entry(key)).as("was never sent").isEmpty();
        }
        assertThat(insist(run.store, agent.write("w" + number + "/" + i, key)).accepted()).isTrue();
        assertThat(run.store.entry(key).orElseThrow().version()).isEqualTo(1);
      }
    }
  }

  /** The control: a repetition that is another command takes effect a second time. */
  @Test
  void aRepetitionUnderAnotherIdTakesEffectTwice() {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    proxy.hold();
    assertThat(outcome(run.store, agent.write("w1", "key"))).isEqualTo(Outcome.UNKNOWN);
    proxy.heal();
    Trial.await("it is there", () -> run.store.entry("key").isPresent());

    insist(run.store, agent.write("again", "key"));

    assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(2);
  }
}

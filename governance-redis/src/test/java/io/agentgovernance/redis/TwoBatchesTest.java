// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.redis.UnluckyRun.COMING;
import static io.agentgovernance.redis.UnluckyRun.GOING;
import static io.agentgovernance.redis.UnluckyRun.inLine;
import static io.agentgovernance.redis.UnluckyRun.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException.Outcome;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StateLostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** F11, F20: two batches of one store are on their way at once, and have bad luck. */
@Timeout(120)
class TwoBatchesTest {
  private static final String APPEND = StoreScripts.STANDARD.append().text();
  private static final String REMEMBER = "number % 2";
  private static final Pattern WRITE = Pattern.compile("w\\d+-\\d+");

  private UnluckyRun unlucky;
  private RunStore store;

  @BeforeEach
  void open() {
    unlucky = new UnluckyRun(APPEND);
    store = unlucky.run.store;
  }

  @AfterEach
  void close() {
    unlucky.close();
  }

  private static List<Status> statuses(List<CompletableFuture<Applied<?>>> answers) {
    return answers.stream().map(answer -> answer.join().status()).toList();
  }

  private static List<Long> sequences(List<CompletableFuture<Applied<?>>> answers) {
    return answers.stream().map(answer -> answer.join().sequence()).toList();
  }

  private void awaitTold(Long... sequences) {
    Trial.await("all are told", () -> unlucky.told.equals(List.of(sequences)));
  }

  private RedisCoordination another() {
    return TestRun.open(unlucky.redis.uri());
  }

  @Test
  void theSecondIsSentBeforeTheFirstIsAnsweredAndWhoeverComesThenGoesTogether() {
    var answers = unlucky.whilePaused(note("1"), note("2"), note("3"), note("4"), note("5"));

    assertThat(sequences(answers)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(unlucky.sizes()).containsExactly(1, 1, 3);
    awaitTold(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void bothAreDecidedAgainInTheirOrderIfAnotherStoreWasFaster() {
    try (RedisCoordination two = another()) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      unlucky.proxy.hold();
      var answers = inLine(store, note("1"), note("2"));
      assertThat(there.apply(note("faster")).sequence()).isEqualTo(1);
      unlucky.proxy.heal();

      assertThat(sequences(answers)).containsExactly(2L, 3L);
      assertThat(unlucky.sizes()).containsExactly(1, 2);
      awaitTold(1L, 2L, 3L);
    }
  }

  @Test
  void theSecondIsDecidedAgainWithoutTheFirstIfThatHasNoLeaseAnyMore() {
    TestRun.Agent stale = unlucky.run.agent("stale");
    TestRun.Agent good = unlucky.run.agent("good");
    unlucky.ready();
    try (RedisCoordination two = another()) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      unlucky.proxy.hold();
      var answers = inLine(store, stale.write("w1", "key"), good.write("w2", "key"));
      there.release(new Lease(stale.id().value(), "test", stale.token(), TestRun.DAY));
      unlucky.proxy.heal();

      assertThat(statuses(answers)).containsExactly(Status.FENCED, Status.OK);
      assertThat(unlucky.sizes()).containsExactly(1);
      assertThat(store.entry("key").orElseThrow().version()).isEqualTo(1);
      assertThat(store.entry("key").orElseThrow().value()).isEqualTo(Payload.text("w2"));
    }
  }

  @Test
  void theSecondStandsIfTheFirstIsRefusedAndHadChangedNothing() {
    TestRun.Agent stale = unlucky.run.agent("stale");
    TestRun.Agent good = unlucky.run.agent("good");
    store.apply(stale.write("w1", "key"));
    unlucky.ready();
    try (RedisCoordination two = another()) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      unlucky.proxy.hold();
      var answers = inLine(store, stale.write("w1", "key"), good.write("w2", "key"), note("3"));
      there.release(new Lease(stale.id().value(), "test", stale.token(), TestRun.DAY));
      unlucky.proxy.heal();

      assertThat(statuses(answers)).containsExactly(Status.FENCED, Status.OK, Status.OK);
      assertThat(unlucky.sizes()).containsExactly(1, 1);
      assertThat(store.entry("key").orElseThrow().version()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COMING,GOOD", "COMING,COMING", "COMING,GOING",
    "GOING,GOOD", "GOING,COMING", "GOING,GOING",
    "GOOD,COMING", "GOOD,GOING"
  })
  void whateverIsLostOnTheWayEachTakesEffectOnceAndItsCallerIsTold(String first, String second) {
    unlucky.luck(first, second);

    var answers = unlucky.whilePaused(note("1"), note("2"), note("3"));

    assertThat(sequences(answers)).containsExactly(1L, 2L, 3L);
    assertThat(unlucky.sizes()).containsExactly(1, 1, 1);
    assertThat(unlucky.redis.command("EXISTS", "luck")).isEqualTo(0L);
    awaitTold(1L, 2L, 3L);
  }

  /** The control: a server that remembers one batch cannot tell what became of the one before. */
  @Test
  void aServerThatRemembersOneBatchCannotTellWhatBecameOfTheFirst() {
    assertThat(APPEND).contains(REMEMBER);
    try (UnluckyRun forgetful = new UnluckyRun(APPEND.replace(REMEMBER, "0"))) {
      forgetful.luck(COMING, "GOOD");

      var answers = forgetful.whilePaused(note("1"), note("2"));

      assertThat(catchThrowableOfType(CompletionException.class, () -> statuses(answers)))
          .hasCauseInstanceOf(StateLostException.class);
    }
  }

  @Test
  void aConnectionThatEndsWhileBothAreOnTheirWayChangesNothing() {
    int times = Trial.times(5, 50);
    for (int i = 0; i < times; i++) {
      unlucky.pause();
      var answers = inLine(store, note("1"), note("2"));
      unlucky.proxy.cut();
      unlucky.goOn();

      assertThat(statuses(answers)).containsOnly(Status.OK);
    }
    assertThat(unlucky.sizes()).containsOnly(1).hasSize(2 * times);
  }

  @Test
  void ifTheFirstIsGivenUpNobodyKnowsOfTheSecondEither() {
    unlucky.luck(GOING, GOING, GOING, GOING, GOING, GOING, GOING, GOING);

    var answers = unlucky.whilePaused(note("1"), note("2"));

    for (var answer : answers) {
      CompletionException thrown = catchThrowableOfType(CompletionException.class, answer::join);
      assertThat(thrown).hasCauseInstanceOf(CoordinationUnavailableException.class);
      assertThat(((CoordinationUnavailableException) thrown.getCause()).outcome())
          .isEqualTo(Outcome.UNKNOWN);
    }
    unlucky.luck();
    assertThat(store.apply(note("3")).sequence()).isEqualTo(1);
    awaitTold(1L);
  }

  @Test
  void theServerRemembersTwoBatchesOfEachStoreAndNoMore() {
    try (RedisCoordination two = another()) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      for (int i = 0; i < 50; i++) {
        assertThat(store.apply(note("here")).accepted()).isTrue();
        assertThat(there.apply(note("there")).accepted()).isTrue();
      }

      assertThat((List<?>) unlucky.redis.command("HVALS", unlucky.run.keys().dedupe()))
          .hasSize(4)
          .allSatisfy(value -> assertThat((String) value).matches("\\d+ "));
    }
  }

  /**
   * Answers are lost again and again, and each store decides again what the other was faster with.
   */
  @Test
  void ofManyThreadsOfTwoStoresEveryAcceptedCommandIsInTheLogOnce() throws Exception {
    int threads = 16;
    int each = Trial.times(40, 500);
    TestRun.Agent agent = unlucky.run.agent("alpha");
    unlucky.ready();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (RedisCoordination two = another()) {
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      List<Callable<Void>> calls = new ArrayList<>();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String thread = "w" + i + "-";
        RunStore mine = i % 2 == 0 ? store : there;
        boolean loses = i == 0 || i == 2;
        IntStream.range(0, each).forEach(n -> expected.add(thread + n));
        calls.add(
            () -> {
              for (int n = 0; n < each; n++) {
                if (loses && n % 10 == 0) {
                  unlucky.cutNextAnswer();
                }
                insist(mine, agent.write(thread + n, thread + n));
              }
              return null;
            });
      }
      for (var call : pool.invokeAll(calls)) {
        call.get();
      }
      assertThat(writes()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(unlucky.proxy.cutResponses()).isPositive();
    } finally {
      pool.shutdownNow();
    }
  }

  /** Gives a command until it is answered, as the runtime does. */
  private static void insist(RunStore store, Command<?> command) {
    Trial.await(
        "an answer",
        () -> {
          try {
            return store.apply(command).accepted();
          } catch (CoordinationUnavailableException e) {
            return false;
          }
        });
  }

  /** The ids of the writes in the log. */
  private List<String> writes() {
    return unlucky.batches().stream()
        .flatMap(List::stream)
        .map(
            json -> {
              Matcher id = WRITE.matcher(json);
              return id.find() ? id.group() : json;
            })
        .toList();
  }
}

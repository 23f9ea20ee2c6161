// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * F15 by the real clock, with the options that everybody has who sets none: 20 partitions each of 1
 * s, 5 s and 30 s, and 20 networks that come and go 50 times. Four stores at a time.
 */
@EnabledIfSystemProperty(named = "governance.soak", matches = "true", disabledReason = "takes long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LongPartitionTest {
  private static final int LANES = 4;
  private static final int ROUNDS = 20 / LANES;
  private static final int WRITERS = 2;
  private static final Duration FLAP = Duration.ofMillis(100);
  private static final int FLAPS = 50;
  private static final Duration NORMAL_AGAIN = Duration.ofSeconds(2);

  /** What a thread may need besides to get a processor, on a machine that does other work too. */
  private static final Duration SCHEDULING = Duration.ofMillis(1_500);

  private static final long BOUND_BYTES = 64L << 20;
  private static final Script ECHO = Script.of("echo", "return {ARGV[1]}");

  @ParameterizedTest(name = "{0}, {1} s")
  @CsvSource({"SILENT,1", "SILENT,5", "SILENT,30", "REFUSED,1", "REFUSED,5", "REFUSED,30"})
  void callsEndInTimeNothingIsLostOrDoubledAndTheyWorkAgainAtOnce(
      Partition kind, int seconds, TestReporter reporter) throws Exception {
    Figures all = inLanes(proxy -> kind.lasting(proxy, Duration.ofSeconds(seconds)));

    all.report(kind + " for " + seconds + " s", reporter);
    assertThat(all.longestCall())
        .as("no call takes longer than commandTimeout")
        .isLessThan(RedisOptions.DEFAULT.commandTimeout().plus(SCHEDULING));
    assertThat(all.recoveries().getCount()).isEqualTo(LANES * ROUNDS);
    assertThat(all.longestRecovery()).isLessThan(NORMAL_AGAIN);
  }

  @ParameterizedTest
  @EnumSource
  void aNetworkThatComesAndGoesFiftyTimesLosesNothingAndDoublesNothing(
      Partition kind, TestReporter reporter) throws Exception {
    Figures all =
        inLanes(
            proxy -> {
              for (int i = 0; i < FLAPS; i++) {
                kind.lasting(proxy, FLAP);
                Partition.pass(FLAP);
              }
            });

    all.report(kind + " " + FLAPS + " times for 100 ms", reporter);
    assertThat(all.longestCall())
        .isLessThan(RedisOptions.DEFAULT.commandTimeout().plus(SCHEDULING));
    assertThat(all.recoveries().getCount()).isEqualTo(LANES * ROUNDS);
    assertThat(all.longestRecovery()).isLessThan(NORMAL_AGAIN);
  }

  /** What is done to a network, and undone again. */
  private interface Spoiler {
    void spoil(FaultProxy proxy);
  }

  private record Figures(
      LongSummaryStatistics calls, LongSummaryStatistics recoveries, long failed, long accepted) {
    Duration longestCall() {
      return Duration.ofNanos(calls.getMax());
    }

    Duration longestRecovery() {
      return Duration.ofNanos(recoveries.getMax());
    }

    void report(String what, TestReporter reporter) {
      reporter.publishEntry(
          what,
          recoveries.getCount()
              + " partitions, accepted "
              + accepted
              + ", failed calls "
              + failed
              + ", longest call "
              + longestCall().toMillis()
              + " ms, normal again after "
              + TimeUnit.NANOSECONDS.toMillis((long) recoveries.getAverage())
              + " ms, at most "
              + longestRecovery().toMillis()
              + " ms");
    }
  }

  private static Figures inLanes(Spoiler spoiler) throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try (RedisServer redis = RedisServer.start()) {
      List<Callable<Figures>> all = new ArrayList<>();
      for (int i = 0; i < LANES; i++) {
        all.add(() -> lane(redis, spoiler));
      }
      LongSummaryStatistics calls = new LongSummaryStatistics();
      LongSummaryStatistics recoveries = new LongSummaryStatistics();
      long failed = 0;
      long accepted = 0;
      for (Future<Figures> each : lanes.invokeAll(all)) {
        calls.combine(each.get().calls());
        recoveries.combine(each.get().recoveries());
        failed += each.get().failed();
        accepted += each.get().accepted();
      }
      return new Figures(calls, recoveries, failed, accepted);
    } finally {
      lanes.shutdownNow();
    }
  }

  private static Figures lane(RedisServer redis, Spoiler spoiler) {
    LongSummaryStatistics recoveries = new LongSummaryStatistics();
    try (FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open("redis://127.0.0.1:" + proxy.port())) {
      TestRun run = TestRun.in(coordination);
      Load load = Load.on(run.store, run.agent("alpha"), WRITERS);
      try (load) {
        for (int i = 0; i < ROUNDS; i++) {
          load.awaitMore(20);
          spoiler.spoil(proxy);
          long healed = System.nanoTime();
          load.awaitMore(WRITERS);
          recoveries.accept(System.nanoTime() - healed);
        }
        load.awaitMore(100);
      }
      assertThat(load.refused()).isZero();
      try (RedisCoordination other = TestRun.open(redis.uri())) {
        var seen = other.attach(run.id()).orElseThrow();
        assertThat(Load.versions(seen))
            .as("each accepted write once, and at most the last of each writer besides")
            .isBetween((long) load.acknowledged(), (long) load.acknowledged() + WRITERS);
        assertThat(seen.entries("")).isEqualTo(run.store.entries(""));
      }
      LongSummaryStatistics calls = new LongSummaryStatistics();
      calls.accept(load.longest().toNanos());
      return new Figures(calls, recoveries, load.unavailable(), load.acknowledged());
    }
  }

  @Test
  void whatWaitsForThirtySecondsStaysBounded(TestReporter reporter) throws Exception {
    int bound = 2 * RedisOptions.DEFAULT.queueSize();
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse("redis://127.0.0.1:" + proxy.port()),
                RedisOptions.DEFAULT,
                Optional.empty())) {
      connections.call("echo", () -> connections.run(ECHO, new String[] {"key"}, "v"));
      CountDownLatch over = new CountDownLatch(1);
      long before = used();
      proxy.hold();
      CompletableFuture<Offered> flood =
          CompletableFuture.supplyAsync(() -> offer(connections, over));
      Partition.pass(Duration.ofSeconds(30));
      long rise = used() - before;
      over.countDown();
      Offered offered = flood.get(30, TimeUnit.SECONDS);
      long healed = System.nanoTime();
      proxy.heal();
      Trial.await(
          "back to normal",
          () -> {
            try {
              connections.callOnce("echo", () -> connections.run(ECHO, new String[] {"key"}, "v"));
              return true;
            } catch (RedisFailure e) {
              return false;
            }
          });
      Duration recovery = Duration.ofNanos(System.nanoTime() - healed);

      reporter.publishEntry(
          "30 s of commands",
          offered + ", heap rise " + (rise >> 20) + " MiB, normal again after " + recovery);
      assertThat(offered.all()).as("far more than the queue holds").isGreaterThan(10 * bound);
      assertThat(offered.mostWaiting()).isLessThanOrEqualTo(bound);
      assertThat(rise).isLessThan(BOUND_BYTES);
      assertThat(recovery).isLessThan(NORMAL_AGAIN);
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** How many commands were given, and how many of them waited at once. */
  private record Offered(int all, int mostWaiting) {}

  /** Gives commands until it is told to end, and holds on to those that wait. */
  private static Offered offer(RedisConnections connections, CountDownLatch over) {
    List<CompletableFuture<?>> waiting = new ArrayList<>();
    int all = 0;
    int most = 0;
    while (over.getCount() > 0) {
      for (int i = 0; i < 1_000; i++) {
        var reply = connections.run(ECHO, new String[] {"key"}, "value").toCompletableFuture();
        all++;
        if (!reply.isDone()) {
          waiting.add(reply);
        }
      }
      waiting.removeIf(CompletableFuture::isDone);
      most = Math.max(most, waiting.size());
      Partition.pass(Duration.ofMillis(50)); // the rate at which they are given
    }
    return new Offered(all, most);
  }
}

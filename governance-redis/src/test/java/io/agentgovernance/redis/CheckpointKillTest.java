// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was acknowledged survives the sudden death of who appended it, and of the server. */
@Timeout(600)
class CheckpointKillTest {
  private static final boolean SOAK = Boolean.getBoolean("governance.soak");
  private static final int KILLS = SOAK ? 30 : 2;
  private static final int SERVER_KILLS = SOAK ? 8 : 1;

  @Test
  void aKilledProcessLosesNothingThatWasAcknowledgedAndItsHoldsEnd() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    int acknowledged = 0;
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.EVERY_SECOND).start();
        var store = RedisCheckpointStore.builder(redis.uri()).open()) {
      for (int kill = 0; kill < KILLS; kill++) {
        Map<RunId, Integer> told = new HashMap<>();
        try (ChildJvm appender =
            ChildJvm.start(AppenderMain.class, redis.uri() + "?leaseTtl=1s", "kill" + kill)) {
          int acks = 1 + random.nextInt(500);
          for (int i = 0; i < acks; i++) {
            note(told, String.valueOf(appender.line()));
          }
          RunId any = told.keySet().iterator().next();
          assertThat(store.held(any)).as("while its process is there").isTrue();
          appender.kill().forEach(line -> note(told, line));
        }
        told.forEach((run, appends) -> isWhole(store, run, appends, seed));
        acknowledged += told.values().stream().mapToInt(Integer::intValue).sum();
        told.keySet().forEach(run -> Eventually.until("its hold ends", () -> !store.held(run)));
        assertThat(store.unfinished(10_000)).containsAll(told.keySet());
      }
    }
    log(acknowledged + " appends of " + KILLS + " killed processes acknowledged, 0 lost");
  }

  /** The last line may be cut: then nobody has received that acknowledgement. */
  private static void note(Map<RunId, Integer> told, String line) {
    if (line.endsWith(" .")) {
      String[] words = line.split(" ", -1);
      told.merge(RunId.of(words[0]), Integer.parseInt(words[1]) + 1, Math::max);
    }
  }

  private static void isWhole(RedisCheckpointStore store, RunId run, int appends, long seed) {
    List<Delta> deltas = store.read(run, 0, Integer.MAX_VALUE);
    assertThat(deltas)
        .as("%s, seed %d", run, seed)
        .isEqualTo(AppenderMain.deltas(0, deltas.size()));
    assertThat(deltas.size() % AppenderMain.BATCH).as("whole batches").isZero();
    assertThat(deltas.size() / AppenderMain.BATCH)
        .as("appends of %s, seed %d", run, seed)
        .isBetween(appends, appends + 1);
  }

  @Test
  void aKilledServerWithAFileLosesNothingThatWasAcknowledged() throws Exception {
    int acknowledged = 0;
    for (int kill = 0; kill < SERVER_KILLS; kill++) {
      Survivors found = underLoad(AppendOnly.EVERY_SECOND);
      assertThat(found.lost()).isZero();
      acknowledged += found.acknowledged();
    }
    log(acknowledged + " appends acknowledged in " + SERVER_KILLS + " kills of Redis, 0 lost");
  }

  @Test
  void withoutAFileAllOfItIsLost() throws Exception {
    Survivors found = underLoad(AppendOnly.OFF);

    assertThat(found.acknowledged()).isPositive();
    assertThat(found.lost()).isEqualTo(found.acknowledged());
  }

  private record Survivors(int acknowledged, int lost) {}

  /** Kills the server while eight runs append, and starts it again. */
  private static Survivors underLoad(AppendOnly appendOnly) throws Exception {
    try (RedisServer redis = RedisServer.builder().appendOnly(appendOnly).start();
        var store = RedisCheckpointStore.builder(redis.uri() + "?commandTimeout=400ms").open()) {
      var enough = new CountDownLatch(400);
      Map<RunId, AtomicInteger> acknowledged = new HashMap<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < AppenderMain.RUNS; i++) {
        RunId run = RunId.random();
        long epoch = store.claim(run, 0).orElseThrow();
        var acks = new AtomicInteger();
        acknowledged.put(run, acks);
        threads.add(new Thread(() -> appendUntilKilled(store, run, epoch, acks, enough)));
      }
      threads.forEach(Thread::start);
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      redis.kill();
      for (Thread thread : threads) {
        thread.join();
      }
      redis.restart();
      Eventually.until("it answers", () -> answers(store));
      int all = 0;
      int lost = 0;
      for (var entry : acknowledged.entrySet()) {
        int there = store.read(entry.getKey(), 0, Integer.MAX_VALUE).size() / AppenderMain.BATCH;
        all += entry.getValue().get();
        lost += Math.max(0, entry.getValue().get() - there);
      }
      return new Survivors(all, lost);
    }
  }

  private static void appendUntilKilled(
      RedisCheckpointStore store,
      RunId run,
      long epoch,
      AtomicInteger acks,
      CountDownLatch enough) {
    try {
      while (true) {
        store.append(run, epoch, AppenderMain.batch(acks.get()));
        acks.incrementAndGet();
        enough.countDown();
      }
    } catch (GovernanceException e) {
      return; // it was killed
    }
  }

  private static boolean answers(RedisCheckpointStore store) {
    try {
      return store.epoch(RunId.random()) == 0;
    } catch (GovernanceException e) {
      return false;
    }
  }

  private static void log(String text) {
    System.getLogger(CheckpointKillTest.class.getName()).log(System.Logger.Level.INFO, text);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lost answers, partitions and lost servers. */
@Timeout(600)
class CheckpointFaultTest {
  private static final int CUTS = Boolean.getBoolean("governance.soak") ? 1_000 : 20;
  private static final int PARTITIONS = Boolean.getBoolean("governance.soak") ? 100 : 2;

  private final RunId run = RunId.random();
  private FaultProxy proxy;

  @BeforeEach
  void listen() {
    proxy = FaultProxy.to(SharedServers.single().port());
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  private RedisCheckpointStore behindTheProxy(String parameters) {
    return RedisCheckpointStore.builder("redis://127.0.0.1:" + proxy.port() + parameters).open();
  }

  private static RedisCheckpointStore direct() {
    return RedisCheckpointStore.builder(SharedServers.single().uri()).open();
  }

  private static List<Delta> elapsed(int from, int to) {
    return IntStream.range(from, to)
        .<Delta>mapToObj(i -> new Delta.Elapsed(Duration.ofMillis(i)))
        .toList();
  }

  private Delta marked(String detail) {
    return new Delta.Marked(
        new Checkpoint(run, 1, Instant.EPOCH, PipelineStatus.RUNNING, Payload.text(detail)));
  }

  @Test
  void whatIsDoneAlthoughTheAnswerWasLostIsDoneOnce() {
    try (var store = behindTheProxy("?topology=single")) {
      proxy.cutNextResponseTo("EVALSHA"); // that of the list of unfinished runs
      proxy.cutNextResponseTo("EVALSHA"); // that of the claim
      long epoch = store.claim(run, 0).orElseThrow();
      assertThat(epoch).isEqualTo(1);
      for (int i = 0; i < CUTS; i++) {
        proxy.cutNextResponseTo("EVALSHA");
        store.append(run, epoch, elapsed(2 * i, 2 * i + 2));
      }
      assertThat(proxy.cutResponses()).isEqualTo(CUTS + 2L);
      assertThat(store.read(run, 0, Integer.MAX_VALUE)).isEqualTo(elapsed(0, 2 * CUTS));
      proxy.cutNextResponseTo("EVALSHA");
      store.finish(run, epoch);
      assertThat(store.unfinished(10_000)).doesNotContain(run);
    }
  }

  @Test
  void anAppendThatWasRefusedIsUndoneByTheNextThoughItArrivedMeanwhile() {
    try (var store = behindTheProxy("?topology=single&commandTimeout=50ms");
        var reader = direct()) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, List.of(new Delta.Elapsed(Duration.ofMillis(0)), marked("kept")));

      proxy.hold();
      assertThatThrownBy(
              () -> store.append(run, epoch, List.of(marked("lost"), marked("lost too"))))
          .isInstanceOf(CheckpointUnavailableException.class)
          .hasMessageContaining("Nothing of this is remembered");
      proxy.heal();
      Eventually.until("it arrives", () -> reader.read(run, 0, 10).size() == 4);

      store.append(run, epoch, elapsed(1, 3));

      List<Delta> expected = new ArrayList<>(elapsed(0, 1));
      expected.add(marked("kept"));
      expected.addAll(elapsed(1, 3));
      assertThat(reader.read(run, 0, 10)).isEqualTo(expected);
      assertThat(reader.read(run, 1, 2)).isEqualTo(expected.subList(1, 3));
      assertThat(reader.latest(run).map(Delta.Marked::new)).contains((Delta.Marked) marked("kept"));
      store.append(run, epoch, List.of(marked("last")));
      assertThat(reader.latest(run).map(Delta.Marked::new)).contains((Delta.Marked) marked("last"));
      store.finish(run, epoch);
    }
  }

  @Test
  void whoIsCutOffIsHeldNoLongerThanTheHoldLastsAndAppendsNothingAfterATakeOver() {
    for (int i = 0; i < PARTITIONS; i++) {
      RunId cut = RunId.random();
      try (var holder = behindTheProxy("?topology=single&commandTimeout=100ms&leaseTtl=300ms");
          var other = direct()) {
        long epoch = holder.claim(cut, 0).orElseThrow();
        holder.append(cut, epoch, elapsed(0, 1));
        proxy.refuse();
        assertThatThrownBy(() -> holder.append(cut, epoch, elapsed(1, 2)))
            .isInstanceOf(CheckpointUnavailableException.class);
        Eventually.until("the hold ends", () -> !other.held(cut));

        long taken = other.claim(cut, epoch).orElseThrow();
        proxy.heal();

        Eventually.until("the holder is told", () -> isStale(holder, cut, epoch));
        assertThat(other.read(cut, 0, 10)).isEqualTo(elapsed(0, 1));
        assertThat(other.held(cut)).isTrue();
        other.finish(cut, taken);
      }
    }
  }

  private static boolean isStale(RedisCheckpointStore store, RunId run, long epoch) {
    try {
      store.append(run, epoch, elapsed(1, 2));
      throw new AssertionError("appended with a stale epoch");
    } catch (CheckpointUnavailableException e) {
      return false; // it is still connecting
    } catch (StaleEpochException e) {
      return true;
    }
  }

  @Test
  void aHoldIsRenewedForAsLongAsItsProcessIsThere() {
    String key = RedisKeys.of(TenantId.DEFAULT, run).hold();
    try (var store =
        RedisCheckpointStore.builder(SharedServers.single().uri() + "?leaseTtl=150ms").open()) {
      long epoch = store.claim(run, 0).orElseThrow();
      for (int renewal = 0; renewal < 5; renewal++) {
        var lowest = new AtomicLong(Long.MAX_VALUE);
        Eventually.until(
            "it is renewed",
            () -> {
              long left = left(key);
              return left < 0 || left > lowest.getAndAccumulate(left, Math::min);
            });
        assertThat(store.held(run)).isTrue();
      }
      store.release(run, epoch);
      assertThat(store.held(run)).isFalse();
    }
  }

  private static long left(String key) {
    return (Long) SharedServers.single().command("PTTL", key);
  }

  @Test
  void withoutRenewalAHoldEndsThoughItsProcessIsThere() {
    try (var store =
        RedisCheckpointStore.builder(SharedServers.single().uri() + "?leaseTtl=150ms").open()) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.stopRenewing();
      Eventually.until("the hold ends", () -> !store.held(run));
      store.finish(run, epoch);
    }
  }

  @Test
  void afterAPartitionTheHoldIsTakenAgainIfNobodyElseDid() {
    try (var store = behindTheProxy("?topology=single&leaseTtl=200ms");
        var other = direct()) {
      long epoch = store.claim(run, 0).orElseThrow();
      proxy.refuse();
      Eventually.until("the hold ends", () -> !other.held(run));
      proxy.heal();
      Eventually.until("the hold is back", () -> other.held(run));
      assertThat(other.epoch(run)).isEqualTo(epoch);
      Eventually.until("it may be finished", () -> finished(store, epoch));
      assertThat(other.held(run)).isFalse();
    }
  }

  private boolean finished(RedisCheckpointStore store, long epoch) {
    try {
      store.finish(run, epoch);
      return true;
    } catch (CheckpointUnavailableException e) {
      return false;
    }
  }

  @Test
  void aServerThatLostEverythingRefusesEveryEpochOfBefore() {
    try (RedisServer redis = RedisServer.start();
        var store = RedisCheckpointStore.builder(redis.uri()).open()) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, elapsed(0, 2));

      redis.kill();
      redis.restart();

      Eventually.until("the holder is told", () -> isStale(store, run, epoch));
      assertThat(store.epoch(run)).isZero();
      assertThat(store.unfinished(10)).isEmpty();
    }
  }
}

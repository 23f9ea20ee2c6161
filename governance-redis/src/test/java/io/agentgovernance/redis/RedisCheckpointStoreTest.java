// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisCheckpointStoreTest {
  private static final RedisServer REDIS = SharedServers.single();
  private final RunId run = RunId.random();

  private static RedisCheckpointStore open(String parameters) {
    return RedisCheckpointStore.builder(REDIS.uri() + parameters).open();
  }

  private static List<Delta> elapsed(int from, int to) {
    return IntStream.range(from, to)
        .<Delta>mapToObj(i -> new Delta.Elapsed(Duration.ofMillis(i)))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static List<String> keys(String pattern) {
    return (List<String>) (List<?>) (List<Object>) REDIS.command("KEYS", pattern);
  }

  private static String mine(RunId run) {
    return RedisKeys.of(TenantId.DEFAULT, run).prefix().replace("{", "[{]") + "*";
  }

  @Test
  void whatAFinishedRunLeavesGoesByItself() {
    try (var store = open("?keepFinished=1h")) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, elapsed(0, 3));
      store.finish(run, epoch);
      store.append(run, epoch, elapsed(3, 4)); // a latecomer brings nothing that stays

      assertThat(keys(mine(run))).hasSize(3);
      for (String key : keys(mine(run))) {
        assertThat((Long) REDIS.command("PTTL", key)).as(key).isPositive();
      }
      assertThat(REDIS.command("ZSCORE", RedisKeys.unfinishedRuns(TenantId.DEFAULT), run.value()))
          .isNull();
    }
  }

  @Test
  void aRunThatHasNotEndedStays() {
    try (var store = open("")) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, elapsed(0, 3));
    }
    try (var store = open("")) {
      assertThat(store.held(run)).as("given back by closing").isFalse();
      assertThat(store.unfinished(10_000)).contains(run);
      assertThat(store.read(run, 0, 10)).isEqualTo(elapsed(0, 3));
    }
    for (String key : keys(mine(run))) {
      assertThat((Long) REDIS.command("PTTL", key)).as(key).isEqualTo(-1);
    }
  }

  @Test
  void whatACrashLeftInTheListOfUnfinishedRunsIsRemoved() {
    String registry = RedisKeys.unfinishedRuns(TenantId.of("crashing"));
    RunId begun = RunId.random();
    RunId ended = RunId.random();
    RunId young = RunId.random();
    try (var store =
        RedisCheckpointStore.builder(REDIS.uri()).tenant(TenantId.of("crashing")).open()) {
      store.finish(ended, store.claim(ended, 0).orElseThrow());
      REDIS.command("ZADD", registry, "1", begun.value(), "2", ended.value());
      new RunRegistry(connections(), TenantId.of("crashing")).reserve(young);

      assertThat(store.unfinished(10)).isEmpty();

      Eventually.until(
          "both are removed", () -> Long.valueOf(1).equals(REDIS.command("ZCARD", registry)));
      assertThat(REDIS.command("ZSCORE", registry, young.value()))
          .as("it may be about to begin")
          .isNotNull();
      long epoch = store.claim(young, 0).orElseThrow();
      assertThat(store.unfinished(10)).containsExactly(young);
      store.finish(young, epoch);
    }
  }

  private static RedisConnections connections() {
    return RedisConnections.open(
        RedisAddress.parse(REDIS.uri()), RedisOptions.DEFAULT, java.util.Optional.empty());
  }

  @Test
  void tenantsDoNotSeeEachOther() {
    try (var one = RedisCheckpointStore.builder(REDIS.uri()).tenant(TenantId.of("one")).open();
        var two = RedisCheckpointStore.builder(REDIS.uri()).tenant(TenantId.of("two")).open()) {
      long epoch = one.claim(run, 0).orElseThrow();

      assertThat(two.epoch(run)).isZero();
      assertThat(two.held(run)).isFalse();
      assertThat(two.unfinished(100)).doesNotContain(run);
      one.finish(run, epoch);
    }
  }

  @Test
  void processesThatTakePartInARunAppendWithOneEpoch() {
    try (var one = open("");
        var two = open("")) {
      long epoch = one.claim(run, 0).orElseThrow();
      one.append(run, epoch, elapsed(0, 2));
      two.append(run, epoch, elapsed(2, 4));
      one.append(run, epoch, elapsed(4, 5));

      assertThat(two.read(run, 0, 10)).isEqualTo(elapsed(0, 5)).isEqualTo(one.read(run, 0, 10));
      assertThat(two.held(run)).isTrue();
    }
  }

  @Test
  void readsAnAppendOfManyDeltas() {
    try (var store = open("")) {
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, elapsed(0, 20_000));

      assertThat(store.read(run, 0, Integer.MAX_VALUE)).isEqualTo(elapsed(0, 20_000));
      assertThat(store.read(run, 19_990, 1_000)).isEqualTo(elapsed(19_990, 20_000));
      store.finish(run, epoch);
    }
  }

  @Test
  void refusesWhatIsTooLargeWithoutQuotingIt() {
    try (var store = open("")) {
      long epoch = store.claim(run, 0).orElseThrow();
      String secret = "secret".repeat(RedisCheckpointStore.MAX_DELTA_BYTES / 6 + 1);
      var checkpoint =
          new Checkpoint(run, 1, Instant.EPOCH, PipelineStatus.RUNNING, Payload.text(secret));

      assertThatThrownBy(() -> store.append(run, epoch, List.of(new Delta.Marked(checkpoint))))
          .isInstanceOf(CheckpointUnavailableException.class)
          .hasMessageContaining(run.value())
          .hasMessageNotContaining("secret");
      assertThat(store.read(run, 0, 10)).isEmpty();
      store.finish(run, epoch);
    }
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    var store = open("");
    store.close();

    assertThatThrownBy(() -> store.claim(run, 0))
        .isInstanceOf(CheckpointUnavailableException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> store.unfinished(1))
        .isInstanceOf(CheckpointUnavailableException.class);
  }

  @Test
  void isFoundByItsSchemes() {
    assertThat(ServiceLoader.load(CheckpointStoreProvider.class))
        .extracting(CheckpointStoreProvider::scheme)
        .contains("redis", "rediss", "redis-sentinel", "rediss-sentinel");
  }

  @Test
  void saysThatTheServerIsNotThereAndShowsNoSecret() {
    RedisServer gone = RedisServer.start();
    gone.close();

    assertThatThrownBy(() -> RedisCheckpointStore.builder(gone.uri()).open())
        .isInstanceOf(CheckpointUnavailableException.class)
        .hasMessageContaining(String.valueOf(gone.port()));
    assertThatThrownBy(() -> RedisCheckpointStore.builder("redis://:secret@localhost").open())
        .isInstanceOf(BadInputException.class)
        .hasMessageNotContaining("secret@");
  }
}

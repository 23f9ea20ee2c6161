// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StateLostException;
import io.agentgovernance.testkit.redis.AppendOnly;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F10: the server is killed under load. */
@Timeout(300)
class ServerDeathTest {

  @Test
  void withItsFileNothingThatWasAcknowledgedIsLost() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.ALWAYS).start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      Load load = loadOverKills(redis, run, Trial.times(2, 8));

      assertThat(load.lost()).isEmpty();
      assertNothingIsLostOrDoubled(redis, run, load);
    }
  }

  /**
   * With {@code everysec} Redis answers before it writes while its disk is behind; a kill then
   * loses what was acknowledged. What matters is that nobody goes on as if nothing had happened.
   */
  @Test
  void withAFileThatIsSyncedEverySecondNothingIsLostUnnoticed() {
    try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.EVERY_SECOND).start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      List<Change> remembered = new CopyOnWriteArrayList<>();
      run.store.follow(remembered::add);
      Load load = loadOverKills(redis, run, Trial.times(2, 8));

      if (load.lost().isPresent()) {
        RunStore again = coordination.restore(run.store.terms(), 2, remembered);
        assertThat(Load.versions(again)).isGreaterThanOrEqualTo(load.acknowledged());
      } else {
        assertNothingIsLostOrDoubled(redis, run, load);
      }
    }
  }

  private static Load loadOverKills(RedisServer redis, TestRun run, int kills) {
    TestRun.Agent agent = run.agent("alpha");
    Load load = Load.on(run.store, agent, 8);
    try (load) {
      for (int i = 0; i < kills && load.lost().isEmpty(); i++) {
        load.awaitMore(300);
        redis.kill();
        redis.restart();
      }
      load.awaitMore(200);
    }
    return load;
  }

  private static void assertNothingIsLostOrDoubled(RedisServer redis, TestRun run, Load load) {
    try (RedisCoordination other = TestRun.open(redis.uri())) {
      RunStore seen = other.attach(run.id()).orElseThrow();
      assertThat(Load.versions(seen))
          .isBetween((long) load.acknowledged(), load.acknowledged() + 8L);
      assertThat(load.refused()).isZero();
    }
  }

  @Test
  void withoutAFileItIsSeenThatAllIsLostAndTheRunIsMadeAgainFromWhatWasRemembered() {
    for (int i = 0; i < Trial.times(2, 8); i++) {
      try (RedisServer redis = RedisServer.start();
          RedisCoordination coordination = TestRun.open(redis.uri())) {
        TestRun run = TestRun.in(coordination);
        List<Change> remembered = new CopyOnWriteArrayList<>();
        run.store.follow(remembered::add);
        TestRun.Agent agent = run.agent("alpha");
        Load load = Load.on(run.store, agent, 8);
        try (load) {
          load.awaitMore(300);
          redis.kill();
          redis.restart();
        }
        Trial.await("the loss is seen", () -> lost(run, agent));

        RunStore again = coordination.restore(run.store.terms(), 2, remembered);

        assertThat(Load.versions(again)).isGreaterThanOrEqualTo(load.acknowledged());
        assertThat(run.store.apply(agent.write("late", "other")).status()).isEqualTo(Status.FENCED);
        assertThat(again.apply(agent.write("late", "other")).status()).isEqualTo(Status.FENCED);
        long token = again.acquire(agent.id().value(), "new", TestRun.DAY).orElseThrow().token();
        assertThat(token).isGreaterThan(agent.token());
        assertThat(again.apply(new TestRun.Agent(agent.id(), token).write("new", "other")).status())
            .isEqualTo(Status.OK);
      }
    }
  }

  private static boolean lost(TestRun run, TestRun.Agent agent) {
    try {
      run.store.apply(agent.write("after", "other"));
      return false;
    } catch (StateLostException e) {
      return true;
    } catch (CoordinationUnavailableException e) {
      return false;
    }
  }

  @Test
  void aServerThatWentBackToAnOlderCopyIsNotBelieved() {
    try (RedisServer redis = RedisServer.start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      run.store.apply(agent.write("w1", "key"));
      run.store.apply(agent.write("w2", "key"));

      redis.command("XDEL", run.keys().log(), "3-0");
      redis.command("HSET", run.keys().control(), "sequence", "2");

      assertThatThrownBy(() -> run.store.apply(agent.write("w3", "key")))
          .isInstanceOf(StateLostException.class)
          .hasMessageContaining("2 changes");
    }
  }

  /** The history is as long as before, and yet another one. */
  @Test
  void anotherHistoryOfTheSameLengthIsNotBelieved() {
    try (RedisServer redis = RedisServer.start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      run.store.apply(agent.write("w1", "key"));

      redis.command("HSET", run.keys().control(), "tail", "someone:1");

      assertThatThrownBy(() -> run.store.apply(agent.write("w2", "key")))
          .isInstanceOf(StateLostException.class)
          .hasMessageContaining("another change");
    }
  }
}

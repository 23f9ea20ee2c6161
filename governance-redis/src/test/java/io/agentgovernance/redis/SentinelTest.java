// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StateLostException;
import io.agentgovernance.testkit.redis.RedisSentinels;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The master that sentinels name dies, and they make its replica the master. */
@Timeout(180)
class SentinelTest {

  @Test
  void aRunGoesOnAtTheReplicaThatBecameTheMaster() {
    try (RedisSentinels all = RedisSentinels.start();
        RedisCoordination one = TestRun.open(all.uri());
        RedisCoordination two = TestRun.open(all.uri())) {
      TestRun run = TestRun.in(one);
      TestRun.Agent agent = run.agent("alpha");
      RunStore there = two.attach(run.id()).orElseThrow();
      assertThat(run.store.apply(agent.write("w1", "key")).accepted()).isTrue();
      awaitReplicated(all);

      all.master().kill();
      Trial.await("it follows", () -> accepted(run.store, agent.write("w2", "other")));

      assertThat(all.masterPort()).isEqualTo(all.replica().port());
      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(1);
      Trial.await("the other one does too", () -> there.entry("other").isPresent());
      assertThat(accepted(there, agent.write("w3", "third"))).isTrue();
      Trial.await("they hear of each other", () -> run.store.entry("third").isPresent());
    }
  }

  /** Replication is asynchronous: what it had not copied is lost, and nobody believes the rest. */
  @Test
  void whatWasAcknowledgedAndNotCopiedIsMissedAndTheRunIsMadeAgain() {
    try (RedisSentinels all = RedisSentinels.start();
        RedisCoordination one = TestRun.open(all.uri());
        RedisCoordination two = TestRun.open(all.uri())) {
      RunStore store = one.create(TestRun.terms(RunId.random())).orElseThrow();
      List<Change> remembered = new CopyOnWriteArrayList<>();
      AutoCloseable unused = store.follow(remembered::add);
      TestRun run = new TestRun(store);
      TestRun.Agent agent = run.agent("alpha");
      assertThat(run.store.apply(agent.write("w1", "key")).accepted()).isTrue();
      awaitReplicated(all);

      all.replica().pause();
      all.master().command("CLIENT", "KILL", "TYPE", "replica");
      assertThat(run.store.apply(agent.write("w2", "acknowledged")).accepted()).isTrue();
      all.master().kill();
      all.replica().resume();

      Trial.await("it follows", () -> lost(run.store, agent.write("w3", "other")));
      assertThat(remembered).as("spawned, and two writes").hasSize(3);
      RunStore again = two.restore(store.terms(), 3, remembered);
      assertThat(again.entry("acknowledged")).as("as it was remembered").isPresent();
      assertThat(accepted(again, new Command.Note(null, "on", Payload.empty()))).isTrue();
      assertThat(accepted(store, agent.write("w4", "other"))).as("of an old epoch").isFalse();
    }
  }

  private static void awaitReplicated(RedisSentinels all) {
    Trial.await("it is copied", () -> offset(all.master()).equals(offset(all.replica())));
  }

  private static String offset(RedisServer server) {
    return String.valueOf(server.command("INFO", "replication"))
        .lines()
        .filter(line -> line.startsWith("master_repl_offset:"))
        .findFirst()
        .orElse("");
  }

  private static boolean accepted(RunStore store, Command<?> command) {
    try {
      return store.apply(command).accepted();
    } catch (CoordinationUnavailableException | StateLostException e) {
      return false;
    }
  }

  private static boolean lost(RunStore store, Command<?> command) {
    try {
      assertThat(store.apply(command).accepted()).as("nothing is accepted").isFalse();
      return false;
    } catch (CoordinationUnavailableException e) {
      return false;
    } catch (StateLostException e) {
      return true;
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F11: the server does what it was told, and the answer never arrives. */
@Timeout(300)
class LostReplyTest {
  private static final int KINDS = 4;

  @Test
  void eachEffectIsThereOnceAndEveryCallerIsTold() {
    int each = Trial.times(10, 1_000 / KINDS);
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open("redis://127.0.0.1:" + proxy.port())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent author = run.agent("author");
      List<TestRun.Agent> voters = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        voters.add(i < 200 ? run.agent("voter" + i) : voters.get(i % 200));
      }
      run.store.apply(author.propose("p"));
      for (int i = 0; i < each; i++) {
        run.store.apply(author.reserve("call" + i));
      }
      String append = StoreScripts.STANDARD.append().digest();
      List<Applied<?>> answers = new ArrayList<>();

      for (int i = 0; i < each; i++) {
        for (Command<?> command :
            List.of(
                author.write("w" + i, "key"),
                vote(voters.get(i)),
                author.settle("call" + i),
                author.send("m" + i))) {
          proxy.cutNextResponseTo(append);
          answers.add(run.store.apply(command));
        }
      }

      assertThat(proxy.cutResponses()).isEqualTo((long) KINDS * each);
      assertThat(answers)
          .filteredOn(answer -> answer.status() != Applied.Status.CONFLICT) // late ballots
          .allMatch(Applied::accepted);
      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(each);
      assertThat(run.store.spend().calls()).isEqualTo(each);
      assertThat(run.store.spend().reservedTokens()).isZero();
      assertThat(run.store.messages(voters.get(0).id(), 0, 10_000)).hasSize(each);
      assertThat(run.store.proposals().get(0).ballots())
          .extracting(Ballot::voter)
          .doesNotHaveDuplicates();
      try (RedisCoordination other = TestRun.open(redis.uri())) {
        var seen = other.attach(run.id()).orElseThrow();
        assertThat(seen.entry("key")).isEqualTo(run.store.entry("key"));
        assertThat(seen.spend()).isEqualTo(run.store.spend());
        assertThat(seen.proposals()).isEqualTo(run.store.proposals());
      }
    }
  }

  private static Command.Cast vote(TestRun.Agent voter) {
    return new Command.Cast(
        voter.id(),
        voter.token(),
        "p",
        Payload.text("p").digest(),
        Ballot.Choice.ACCEPT,
        "because");
  }

  @Test
  void aLeaseIsTakenAndGivenBackAlthoughTheAnswerIsLost() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open("redis://127.0.0.1:" + proxy.port())) {
      TestRun run = TestRun.in(coordination);

      proxy.cutNextResponseTo(StoreScripts.STANDARD.leases().digest());
      var lease = run.store.acquire("resource", "test", TestRun.DAY).orElseThrow();
      assertThat(run.store.holds("resource", lease.token())).isTrue();
      proxy.cutNextResponseTo(StoreScripts.STANDARD.renew().digest());
      assertThat(run.store.renew(lease)).isTrue();
      proxy.cutNextResponseTo(StoreScripts.STANDARD.leases().digest());
      run.store.release(lease);

      assertThat(run.store.acquire("resource", "another", TestRun.DAY)).isPresent();
      assertThat(proxy.cutResponses()).isEqualTo(3);
    }
  }

  @Test
  void aRunIsCreatedOnceAlthoughTheAnswerIsLost() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination coordination = TestRun.open("redis://127.0.0.1:" + proxy.port())) {
      proxy.cutNextResponseTo(StoreScripts.STANDARD.create().digest());
      TestRun run = TestRun.in(coordination);

      assertThat(coordination.create(run.store.terms())).isEmpty();
      assertThat(proxy.cutResponses()).isEqualTo(1);
    }
  }

  /** The control: what is repeated without an idempotency key counts twice. */
  @Test
  void aCommandThatHasNoKeyTakesEffectTwice() {
    try (RedisServer redis = RedisServer.start();
        FaultProxy proxy = FaultProxy.to(redis.port());
        RedisConnections connections =
            RedisConnections.open(
                RedisAddress.parse("redis://127.0.0.1:" + proxy.port()),
                RedisOptions.DEFAULT,
                Optional.empty())) {
      proxy.cutNextResponseTo("INCR");
      Long unused = connections.call("INCR", () -> connections.commands().incr("counter"));

      assertThat(redis.command("GET", "counter")).isNotEqualTo("1");
    }
  }
}

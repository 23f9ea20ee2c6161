// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunReplica;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two stores of one run, as two JVMs have them. */
@Timeout(300)
class TwoWritersTest {
  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void closeRedis() {
    redis.close();
  }

  private static Command.RecordError error(TestRun.Agent agent, String id) {
    return new Command.RecordError(agent.id(), agent.token(), id, "same", null, "it failed");
  }

  @Test
  void theSecondIsDecidedOnTheStateAfterTheFirst() {
    try (RedisCoordination one = TestRun.open(redis.uri());
        RedisCoordination two = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(one);
      TestRun.Agent agent = run.agent("alpha");
      RunStore there = two.attach(run.id()).orElseThrow();

      Applied<ErrorTally> first = run.store.apply(error(agent, "e1"));
      Applied<ErrorTally> second = there.apply(error(agent, "e2"));
      Applied<ErrorTally> third = run.store.apply(error(agent, "e3"));
      Applied<ErrorTally> late = there.apply(error(agent, "e4"));

      assertThat(List.of(first.orThrow().total(), second.orThrow().total())).containsExactly(1, 2);
      assertThat(third.orThrow().revoked()).isTrue();
      assertThat(late.status()).isEqualTo(Status.REVOKED);
      assertThat(there.apply(error(agent, "e1")).status()).isEqualTo(Status.REVOKED);
    }
  }

  /** Each decides again what the other was faster with, and answers are lost all the time. */
  @Test
  void twoStoresThatWriteAtOnceLoseNothingAndDoubleNothing() throws Exception {
    for (int runs = 0; runs < Trial.times(1, 20); runs++) {
      twoStoresWriteAtOnce();
    }
  }

  private static void twoStoresWriteAtOnce() throws Exception {
    int threads = 16;
    int each = 20;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (FaultProxy proxy = FaultProxy.to(redis.port());
        RedisCoordination one = TestRun.open("redis://127.0.0.1:" + proxy.port());
        RedisCoordination two = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(one);
      TestRun.Agent here = run.agent("here");
      TestRun.Agent there = run.agent("there");
      RunStore other = two.attach(run.id()).orElseThrow();
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String id = "w" + i + "-";
        RunStore store = i % 2 == 0 ? run.store : other;
        TestRun.Agent agent = i % 2 == 0 ? here : there;
        calls.add(
            () -> {
              boolean all = true;
              for (int n = 0; n < each; n++) {
                if (n % 10 == 0) {
                  proxy.cutNextResponseTo(StoreScripts.STANDARD.append().digest());
                }
                all &= insist(store, agent.write(id + n, "key" + n));
              }
              return all;
            });
      }
      for (var call : pool.invokeAll(calls)) {
        assertThat(call.get()).isTrue();
      }
      try (RedisCoordination third = TestRun.open(redis.uri())) {
        RunStore seen = third.attach(run.id()).orElseThrow();
        assertThat(Load.versions(seen)).isEqualTo((long) threads * each);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** Gives a command until it is answered. */
  private static boolean insist(RunStore store, Command<?> command) {
    while (true) {
      try {
        return store.apply(command).accepted();
      } catch (CoordinationUnavailableException e) {
        assertThat(e.retryable()).isTrue();
      }
    }
  }

  /** One of a batch whose lease is gone does not harm the others of the batch. */
  @Test
  void aStaleTokenInTheMiddleOfABatchRefusesItsOwnCommandsOnly() throws Exception {
    try (RedisCoordination one = TestRun.open(redis.uri());
        RedisCoordination two = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(one);
      TestRun.Agent good = run.agent("good");
      TestRun.Agent stale = run.agent("stale");
      RunStore there = two.attach(run.id()).orElseThrow();
      there.release(new Lease(stale.id().value(), "test", stale.token(), TestRun.DAY));
      int threads = 16;
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      List<Callable<Status>> calls = new ArrayList<>();
      for (int i = 0; i < 20 * threads; i++) {
        TestRun.Agent agent = i % 3 == 0 ? stale : good;
        Command<?> write = agent.write("w" + i, "key" + i);
        calls.add(() -> run.store.apply(write).status());
      }
      List<Status> found = new ArrayList<>();
      for (var answer : pool.invokeAll(calls)) {
        found.add(answer.get());
      }
      pool.shutdown();

      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i)).isEqualTo(i % 3 == 0 ? Status.FENCED : Status.OK);
        assertThat(run.store.entry("key" + i).isPresent()).isEqualTo(i % 3 != 0);
      }
    }
  }

  /** The control: replicas that do not ask the log both revoke. */
  @Test
  void withoutTheLogBothRevoke() {
    try (RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      List<Change> changes = new CopyOnWriteArrayList<>();
      run.store.follow(changes::add);
      TestRun.Agent agent = run.agent("alpha");
      RunReplica one = RunReplica.of(run.store.terms());
      one.decide(changes.get(0).command(), Instant.EPOCH);
      one.decide(error(agent, "e1"), Instant.EPOCH);
      one.decide(error(agent, "e2"), Instant.EPOCH);
      RunReplica two = one.copy();

      assertThat(one.decide(error(agent, "e3"), Instant.EPOCH).applied().orThrow().revoked())
          .isTrue();
      assertThat(two.decide(error(agent, "e4"), Instant.EPOCH).applied().orThrow().revoked())
          .isTrue();
    }
  }

  @Test
  void eachIsToldAllChangesInOrderWithoutGapsAlthoughItsConnectionEnds() {
    try (RedisCoordination one = TestRun.open(redis.uri());
        RedisCoordination two = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(one);
      RunStore there = two.attach(run.id()).orElseThrow();
      List<Long> seenHere = new CopyOnWriteArrayList<>();
      List<Long> seenThere = new CopyOnWriteArrayList<>();
      run.store.follow(change -> seenHere.add(change.sequence()));
      there.follow(change -> seenThere.add(change.sequence()));

      for (int i = 0; i < 20; i++) {
        for (int n = 0; n < 10; n++) {
          run.store.apply(new Command.Note(null, "here", Payload.text(i + "/" + n)));
          there.apply(new Command.Note(null, "there", Payload.text(i + "/" + n)));
        }
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        run.store.apply(new Command.Note(null, "large", Payload.text("x".repeat(10_000))));
      }

      List<Long> all = LongStream.rangeClosed(1, 20 * 21).boxed().toList();
      Trial.await("all are told here", () -> seenHere.size() >= all.size());
      Trial.await("all are told there", () -> seenThere.size() >= all.size());
      assertThat(seenHere).isEqualTo(all);
      assertThat(seenThere).isEqualTo(all);
    }
  }

  /** The control: whoever has announcements alone misses what was announced meanwhile. */
  @Test
  void withoutTheLogWhatIsAnnouncedWhileAConnectionIsAwayIsMissed() {
    try (RedisCoordination one = TestRun.open(redis.uri());
        RedisConnections two =
            RedisConnections.open(
                RedisAddress.parse(redis.uri()), RedisOptions.DEFAULT, Optional.empty())) {
      TestRun run = TestRun.in(one);
      var announced = new AtomicInteger();
      var subscribed = new AtomicInteger();
      AutoCloseable unused =
          two.feed()
              .subscribe(
                  run.keys().changes(),
                  new RedisFeed.Listener() {
                    @Override
                    public void announced(String message) {
                      announced.incrementAndGet();
                    }

                    @Override
                    public void subscribed() {
                      subscribed.incrementAndGet();
                    }
                  });
      Trial.await("it listens", () -> subscribed.get() == 1);

      for (int i = 0; i < 20; i++) {
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
        run.store.apply(new Command.Note(null, "here", Payload.text("missed")));
        int before = subscribed.get();
        Trial.await("it listens again", () -> subscribed.get() > before || subscribed.get() > 20);
      }

      assertThat(announced).hasValueLessThan(20);
    }
  }

  @Test
  void aReleasedRunLeavesNothingForEver() {
    RedisOptions options = RedisOptions.DEFAULT.withKeepFinished(Duration.ofMillis(200));
    try (RedisServer own = RedisServer.start();
        RedisCoordination coordination = TestRun.open(own.uri(), options)) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");
      run.store.apply(agent.write("w", "key"));
      run.store.renew(run.lead);
      List<?> keys = (List<?>) own.command("KEYS", "*");
      assertThat(keys)
          .hasSizeGreaterThan(8)
          .allSatisfy(key -> assertThat((Long) own.command("PTTL", (String) key)).isPositive());

      coordination.release(run.id());

      Trial.await("all keys expire", () -> ((List<?>) own.command("KEYS", "*")).isEmpty());
    }
  }
}

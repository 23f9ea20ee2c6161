// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.testkit.redis.RedisServer;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * F12 and F14 at the store: who no longer holds a lease writes nothing, whatever its clock says.
 */
@Timeout(120)
class StaleHolderTest {
  private static final Duration MOMENT = Duration.ofMillis(2);

  private static RedisServer redis;

  @BeforeAll
  static void startRedis() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void closeRedis() {
    redis.close();
  }

  private static RedisCoordination coordination(TimeSource time, StoreScripts scripts) {
    RedisConnections connections =
        RedisConnections.open(
            RedisAddress.parse(redis.uri()), RedisOptions.DEFAULT, Optional.empty());
    return new RedisCoordination(connections, time, () -> scripts, connections::close);
  }

  @Test
  void aStaleHolderIsFencedBeforeAndAfterAnotherTakesOver() {
    try (RedisCoordination one = TestRun.open(redis.uri());
        RedisCoordination two = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(one);
      TestRun.Agent agent = run.agent("alpha");
      var there = two.attach(run.id()).orElseThrow();
      String resource = agent.id().value();
      run.store.release(new Lease(resource, "test", agent.token(), TestRun.DAY));
      long before = agent.token();
      int fenced = 0;

      for (int i = 0; i < 100; i++) {
        Lease lease = run.store.acquire(resource, "test", MOMENT).orElseThrow();
        assertThat(lease.token()).isGreaterThan(before);
        Trial.await("the lease runs out", () -> !run.store.holds(resource, lease.token()));
        var stale = new TestRun.Agent(agent.id(), lease.token());
        fenced += isFenced(run.store.apply(stale.write("a" + i, "key")));
        Lease other = there.acquire(resource, "another", TestRun.DAY).orElseThrow();
        assertThat(other.token()).isGreaterThan(lease.token());
        fenced += isFenced(run.store.apply(stale.write("b" + i, "key")));
        assertThat(run.store.renew(lease)).isFalse();
        run.store.release(lease);
        assertThat(there.holds(resource, other.token())).isTrue();
        there.release(other);
        before = other.token();
      }

      assertThat(fenced).isEqualTo(200);
      assertThat(run.store.entry("key")).isEmpty();
    }
  }

  private static int isFenced(Applied<?> answer) {
    return answer.equals(Applied.refused(Applied.Status.FENCED, "STALE_LEASE")) ? 1 : 0;
  }

  /** The control: a script that does not look at tokens lets the stale holder write. */
  @Test
  void withoutTheCheckOfTheScriptAStaleHolderWrites() {
    String check = "holds = token == ARGV[at + 2] and tonumber(till) > now";
    StoreScripts real = StoreScripts.STANDARD;
    assertThat(real.append().text()).contains(check);
    Script trusting = Script.of("append", real.append().text().replace(check, "holds = true"));
    StoreScripts scripts =
        new StoreScripts(
            real.create(),
            trusting,
            real.restoreLoad(),
            real.restore(),
            real.project(),
            real.leases(),
            real.renew(),
            real.check(),
            real.finish());
    try (RedisCoordination coordination = coordination(TimeSource.system(), scripts)) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent stale = run.agent("alpha");
      assertThat(run.store.acquire(stale.id().value(), "test", TestRun.DAY)).isPresent();

      assertThat(run.store.apply(stale.write("w", "key")).accepted()).isTrue();
    }
  }

  @Test
  void aWallClockThatJumpsMovesNoLeaseAndNoTimeOfAChange() {
    var jump = new AtomicReference<>(Duration.ZERO);
    try (RedisCoordination coordination = coordination(jumping(jump::get), StoreScripts.STANDARD);
        RedisCoordination other = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      var there = other.attach(run.id()).orElseThrow();
      Instant begun = Instant.now().minusSeconds(60);
      TestRun.Agent agent = run.agent("alpha");

      for (int i = 0; i < 20; i++) {
        jump.set(Duration.ofHours(i % 2 == 0 ? 1 : -1));
        Lease lease = run.store.acquire("resource" + i, "test", TestRun.DAY).orElseThrow();
        assertThat(there.acquire("resource" + i, "another", TestRun.DAY)).as("early").isEmpty();
        assertThat(run.store.renew(lease)).isTrue();
        run.store.release(lease);
        String resource = "brief" + i;
        Lease brief = run.store.acquire(resource, "test", MOMENT).orElseThrow();
        Trial.await(
            "no eternal lock", () -> there.acquire(resource, "another", TestRun.DAY).isPresent());
        assertThat(run.store.renew(brief)).isFalse();
        run.store.apply(agent.write("w" + i, "key"));
        assertThat(run.store.entry("key").orElseThrow().at())
            .isBetween(begun, Instant.now().plusSeconds(60));
      }
    }
  }

  /** The control: who reckons with the wall clock puts a change an hour away from when it was. */
  @Test
  void aClockThatFollowsTheWallMovesTheTimesOfChanges() {
    var jump = new AtomicReference<>(Duration.ZERO);
    TimeSource wall = following(jump::get);
    try (RedisCoordination coordination = coordination(wall, StoreScripts.STANDARD)) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");

      jump.set(Duration.ofHours(1));
      run.store.apply(agent.write("w", "key"));

      assertThat(run.store.entry("key").orElseThrow().at())
          .isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    }
  }

  /** A clock of which the ticks jump with the wall clock. */
  private static TimeSource following(Supplier<Duration> jump) {
    TimeSource system = TimeSource.system();
    return new TimeSource() {
      @Override
      public Instant now() {
        return system.now().plus(jump.get());
      }

      @Override
      public long ticks() {
        return system.ticks() + jump.get().toNanos();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return system.schedule(delay, task);
      }

      @Override
      public Waiter waiter() {
        return system.waiter();
      }
    };
  }

  /** A wall clock that is set, beside a monotonic one that nobody can set. */
  private static TimeSource jumping(Supplier<Duration> jump) {
    TimeSource system = TimeSource.system();
    return new TimeSource() {
      @Override
      public Instant now() {
        return system.now().plus(jump.get());
      }

      @Override
      public long ticks() {
        return system.ticks();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return system.schedule(delay, task);
      }

      @Override
      public Waiter waiter() {
        return system.waiter();
      }
    };
  }
}

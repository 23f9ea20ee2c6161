// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.redis.RedisCoordination;
import io.agentgovernance.redis.RedisOptions;
import io.agentgovernance.spi.RunStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** The operations that are compared, each on what its library makes of one server. */
final class RedisContenders implements AutoCloseable {
  static final String HSET_SCRIPT = "Lettuce: EVALSHA of one HSET";
  static final String WRITE = "blackboard write";
  static final String FENCED_LOCK = "Redisson: fenced lock + unlock";
  static final String LEASE = "lease acquire + release";

  private static final String HSET = "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])";
  private static final String VALUE = "a value of one hundred characters ".repeat(3);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HELD = Duration.ofSeconds(10);

  /** Of one run; it may have 100,000. */
  private static final int WRITES = 90_000;

  private static final int RUNS = 8;

  private static final int PROPOSALS = 1_000;
  private static final int BALLOTS = 120;
  private static final int VOTERS = 2 * BALLOTS + 10;

  /** One operation, which a thread repeats. */
  interface Operation {
    void run(int thread, int number) throws Exception;
  }

  private final RedisCoordination coordination;
  private final RedisClient client;
  private final StatefulRedisConnection<String, String> connection;
  private final RedissonClient redisson;
  private final String hset;
  private final List<RunId> runs = new ArrayList<>();

  RedisContenders(String uri) {
    coordination = RedisCoordination.open(uri, RedisOptions.DEFAULT);
    client = RedisClient.create(uri);
    connection = client.connect();
    hset = connection.sync().scriptLoad(HSET);
    var config = new Config();
    config.useSingleServer().setAddress(uri);
    redisson = Redisson.create(config);
  }

  /** All operations by what they are called in the table; each has what it needs made anew. */
  Map<String, Supplier<Operation>> all(int threads) {
    Map<String, Supplier<Operation>> all = new LinkedHashMap<>();
    String[] keys = {"hash"};
    all.put("Lettuce: SET", () -> (t, i) -> connection.sync().set("key" + t, VALUE));
    all.put(
        HSET_SCRIPT,
        () ->
            (t, i) ->
                connection
                    .sync()
                    .evalsha(hset, ScriptOutputType.INTEGER, keys, "field" + t, VALUE));
    all.put(WRITE, this::write);
    all.put("vote", this::vote);
    all.put(FENCED_LOCK, () -> fencedLocks(threads));
    all.put(LEASE, this::leases);
    return all;
  }

  private Run run() {
    var run = new Run(coordination.create(terms(RunId.random())).orElseThrow());
    runs.add(run.store.terms().run());
    return run;
  }

  /** Lets go of all runs there were. */
  void forget() {
    runs.forEach(coordination::release);
    runs.clear();
  }

  /** All threads write to one run, and go on to the next one when it has the most it may have. */
  private Operation write() {
    List<Run> made = new ArrayList<>();
    List<Agent> agents = new ArrayList<>();
    for (var i = 0; i < RUNS; i++) {
      made.add(run());
      agents.add(made.get(i).agent("writer"));
    }
    var value = Payload.text(VALUE);
    var next = new AtomicInteger();
    return (t, i) -> {
      var number = next.getAndIncrement();
      var run = number / WRITES;
      var agent = agents.get(run);
      made.get(run)
          .accepted(
              new Command.Write(
                  agent.id(), agent.token(), "w" + number, "key" + t, value, Command.Write.ANY));
    };
  }

  /** Each ballot counts; no proposal reaches its quorum. */
  private Operation vote() {
    var run = run();
    var author = run.agent("author");
    List<Agent> voters = new ArrayList<>();
    for (var i = 0; i < VOTERS; i++) {
      voters.add(run.agent("voter" + i));
    }
    for (var i = 0; i < PROPOSALS; i++) {
      run.accepted(new Command.Propose(author.id(), author.token(), "p" + i, Payload.text("p")));
    }
    var digest = Payload.text("p").digest();
    var next = new AtomicInteger();
    return (t, i) -> {
      var ballot = next.getAndIncrement() % (PROPOSALS * BALLOTS);
      var voter = voters.get(ballot % BALLOTS);
      run.store.apply(
          new Command.Cast(
              voter.id(),
              voter.token(),
              "p" + ballot / BALLOTS,
              digest,
              Ballot.Choice.ACCEPT,
              "because"));
    };
  }

  private Operation leases() {
    var run = run();
    return (t, i) -> {
      Lease lease = run.store.acquire("resource" + t, "owner", HELD).orElseThrow();
      run.store.release(lease);
    };
  }

  private Operation fencedLocks(int threads) {
    List<RFencedLock> locks = new ArrayList<>();
    for (var i = 0; i < threads; i++) {
      locks.add(redisson.getFencedLock("lock" + i));
    }
    return (t, i) -> {
      if (locks.get(t).lockAndGetToken() == null) {
        throw new IllegalStateException("no token");
      }
      locks.get(t).unlock();
    };
  }

  /** An agent and the token of its lease. */
  record Agent(AgentId id, long token) {}

  /** A run and the token of its coordinator. */
  static final class Run {
    final RunStore store;
    private final long lead;

    Run(RunStore store) {
      this.store = store;
      this.lead = store.acquire(Lease.COORDINATOR, "benchmark", DAY).orElseThrow().token();
    }

    Agent agent(String name) {
      var role = AgentRole.of(name);
      var id = store.terms().run().agent(role);
      accepted(
          new Command.Spawn(lead, id, role, TrustTier.T1, "1", ErrorBudget.DEFAULT, null, null));
      return new Agent(id, store.acquire(id.value(), "benchmark", DAY).orElseThrow().token());
    }

    void accepted(Command<?> command) {
      var answer = store.apply(command);
      if (!answer.accepted()) {
        throw new IllegalStateException(command + ": " + answer);
      }
    }
  }

  static RunTerms terms(RunId run) {
    return new RunTerms(
        TenantId.DEFAULT,
        run,
        "an objective",
        Payload.empty(),
        List.of(AgentRole.ALPHA, AgentRole.BETA),
        null,
        SpendBudget.perRun(Money.usd("1000"), 1_000_000),
        Duration.ofMinutes(2),
        Set.of(),
        Digest.sha256("definition"),
        Instant.now());
  }

  @Override
  public void close() {
    redisson.shutdown();
    connection.close();
    client.shutdown();
    coordination.close();
  }
}

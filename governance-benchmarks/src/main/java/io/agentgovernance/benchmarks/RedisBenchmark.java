// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What changes of a run cost on Redis, beside the bare command that each could at best cost; leases
 * beside Redisson's fenced lock; and what a thousand runs leave on a server.
 */
public final class RedisBenchmark {
  private static final int[] THREADS = {1, 16, 64};
  private static final double WRITE_AIM = 0.75;
  private static final double LEASE_AIM = 2;

  private final RedisServer redis;
  private final int rounds;
  private final Duration time;
  private final Map<String, Map<Integer, List<Latencies>>> measured = new LinkedHashMap<>();

  private RedisBenchmark(RedisServer redis, int rounds, Duration time) {
    this.redis = redis;
    this.rounds = rounds;
    this.time = time;
  }

  /**
   * Runs it and prints the tables.
   *
   * @param args {@code quick} for one short round; {@code rounds=5}, 0 for none; {@code seconds=3};
   *     {@code runs=1000}, how many runs at once, 0 for none
   */
  public static void main(String[] args) throws Exception {
    var rounds = 5;
    var seconds = 3;
    var runs = 1_000;
    for (var arg : args) {
      if (arg.matches("rounds=[0-9]{1,2}")) {
        rounds = Integer.parseInt(arg.substring("rounds=".length()));
      } else if (arg.matches("seconds=[1-9][0-9]?")) {
        seconds = Integer.parseInt(arg.substring("seconds=".length()));
      } else if (arg.matches("runs=[0-9]{1,5}")) {
        runs = Integer.parseInt(arg.substring("runs=".length()));
      } else if (arg.equals("quick")) {
        rounds = 1;
        seconds = 1;
        runs = 100;
      } else {
        System.err.println(
            "expected 'quick', 'rounds=<number>', 'seconds=<number>' or 'runs=<number>' but found '"
                + arg
                + "'");
        System.exit(2);
      }
    }
    System.out.println(Environment.describe());
    if (rounds > 0) {
      try (var redis = RedisServer.start()) {
        new RedisBenchmark(redis, rounds, Duration.ofSeconds(seconds)).measure();
      }
    }
    if (runs > 0) {
      try (var redis = RedisServer.start()) {
        ManyRuns.measure(redis, runs);
      }
    }
    System.exit(0); // a library compared with may keep threads
  }

  private void measure() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "Redis %s without a file, over loopback; one connection, Redisson as many as it wants; %d"
            + " rounds of %d s each, the median round is shown; ratios are taken in each round%n"
            + "writes: one run and one agent, each thread a key of its own; leases and locks: each"
            + " thread has one of its own, so nobody waits for another's%n%n",
        version(redis),
        rounds,
        time.toSeconds());
    try (var contenders = new RedisContenders(redis.uri())) {
      round(contenders, Duration.ofSeconds(1));
      measured.clear();
      for (var round = 0; round < rounds; round++) {
        round(contenders, time);
      }
    }
    System.out.println("| what | threads | /s | p50 ms | p99 ms |");
    System.out.println("|---|---|---|---|---|");
    measured.forEach((what, byThreads) -> byThreads.forEach((n, all) -> print(what, n, all)));
    System.out.printf("%n| ratio | threads | median (range) | aim | |%n|---|---|---|---|---|%n");
    for (var threads : THREADS) {
      compare(RedisContenders.WRITE, RedisContenders.HSET_SCRIPT, threads, WRITE_AIM);
    }
    for (var threads : THREADS) {
      compare(RedisContenders.LEASE, RedisContenders.FENCED_LOCK, threads, LEASE_AIM);
    }
    var bound =
        Ratios.of(
            of(RedisContenders.LEASE, 1), of(RedisContenders.HSET_SCRIPT, 1), Latencies::perSecond);
    System.out.printf(
        "| %s ÷ %s, per second | 1 | %s | two round trips allow 0.50 | |%n",
        RedisContenders.LEASE, RedisContenders.HSET_SCRIPT, bound);
  }

  private void compare(String what, String with, int threads, double aim) {
    var ratios = Ratios.of(of(what, threads), of(with, threads), Latencies::perSecond);
    System.out.printf(
        Locale.ROOT,
        "| %s ÷ %s, per second | %d | %s | at least %.2f | %s |%n",
        what,
        with,
        threads,
        ratios,
        aim,
        ratios.atLeast(aim));
  }

  private List<Latencies> of(String what, int threads) {
    return measured.getOrDefault(what, Map.of()).getOrDefault(threads, List.of());
  }

  static String version(RedisServer redis) {
    return String.valueOf(redis.command("INFO", "server"))
        .lines()
        .filter(line -> line.startsWith("redis_version:"))
        .map(line -> line.substring(line.indexOf(':') + 1))
        .findFirst()
        .orElse("?");
  }

  private void round(RedisContenders contenders, Duration time) throws Exception {
    for (var threads : THREADS) {
      for (var contender : contenders.all(threads).entrySet()) {
        measured
            .computeIfAbsent(contender.getKey(), unused -> new LinkedHashMap<>())
            .computeIfAbsent(threads, unused -> new ArrayList<>())
            .add(run(contender.getValue().get(), threads, time));
        contenders.forget();
        redis.command("FLUSHALL");
      }
    }
  }

  /** So many threads, each doing its operation again and again and waiting for it. */
  private static Latencies run(RedisContenders.Operation operation, int threads, Duration time)
      throws Exception {
    var pool = AgentPool.create(threads);
    try {
      var begin = System.nanoTime();
      var end = begin + time.toNanos();
      var tasks = new ArrayList<Callable<Latencies>>();
      for (var i = 0; i < threads; i++) {
        var thread = i;
        tasks.add(() -> until(end, operation, thread));
      }
      var all = new Latencies();
      for (var done : pool.invokeAll(tasks)) {
        all.addAll(done.get());
      }
      return all.elapsed(System.nanoTime() - begin);
    } finally {
      pool.shutdownNow();
    }
  }

  private static Latencies until(long end, RedisContenders.Operation operation, int thread)
      throws Exception {
    var latencies = new Latencies();
    for (var i = 0; System.nanoTime() < end; i++) {
      var start = System.nanoTime();
      operation.run(thread, i);
      latencies.add(System.nanoTime() - start);
    }
    return latencies;
  }

  private static void print(String what, int threads, List<Latencies> rounds) {
    var sorted = rounds.stream().sorted(Comparator.comparingDouble(Latencies::perSecond)).toList();
    var median = sorted.get(sorted.size() / 2);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %,.0f | %.3f | %.3f |%n",
        what,
        threads,
        median.perSecond(),
        median.millis(0.5),
        median.millis(0.99));
  }
}

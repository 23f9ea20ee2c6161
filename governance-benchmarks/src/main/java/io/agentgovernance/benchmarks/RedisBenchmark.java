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
   * Runs it and prints the tables. With {@code quick}, in one short round.
   *
   * @param args at most {@code quick}
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 1 || (args.length == 1 && !args[0].equals("quick"))) {
      System.err.println("expected nothing or 'quick', but found " + String.join(" ", args));
      System.exit(2);
    }
    var quick = args.length == 1;
    try (var redis = RedisServer.start()) {
      new RedisBenchmark(redis, quick ? 1 : 5, Duration.ofSeconds(quick ? 1 : 3)).measure();
    }
    try (var redis = RedisServer.start()) {
      ManyRuns.measure(redis, quick ? 100 : 1_000);
    }
    System.exit(0); // a library compared with may keep threads
  }

  private void measure() throws Exception {
    System.out.println(Environment.describe());
    System.out.printf(
        Locale.ROOT,
        "Redis %s without a file, over loopback; one connection; %d rounds of %d s each, the median"
            + " round is shown%n%n",
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
            .add(run(contender.getValue(), threads, time));
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

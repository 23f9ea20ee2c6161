// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.redis.RedisCoordination;
import io.agentgovernance.redis.RedisOptions;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** How many connections and how much memory of the server many runs of one JVM need at once. */
final class ManyRuns {
  private static final int WRITES = 20;
  private static final String VALUE = "v".repeat(500);

  private ManyRuns() {}

  static void measure(RedisServer redis, int count) throws Exception {
    var before = number(redis, "memory", "used_memory:");
    var pool = AgentPool.create(16);
    try (var coordination = RedisCoordination.open(redis.uri(), RedisOptions.DEFAULT)) {
      List<Callable<RedisContenders.Run>> tasks = new ArrayList<>();
      for (var i = 0; i < count; i++) {
        tasks.add(() -> run(coordination));
      }
      List<RedisContenders.Run> runs = new ArrayList<>();
      for (var done : pool.invokeAll(tasks)) {
        runs.add(done.get());
      }
      var used = number(redis, "memory", "used_memory:") - before;
      System.out.printf(
          Locale.ROOT,
          "%n%,d runs at once, each with 2 agents and %d writes of %d characters:%n"
              + "connections of this JVM: %d; memory of Redis: %.1f KiB for each run; keys: %s%n",
          count,
          WRITES,
          VALUE.length(),
          number(redis, "clients", "connected_clients:") - 1, // this question is one
          used / 1024.0 / count,
          redis.command("DBSIZE"));
      runs.forEach(run -> coordination.release(run.store.terms().run()));
      var keys = requireNonNull((List<?>) redis.command("KEYS", "*"));
      var longest = 0L;
      for (var key : keys) {
        long left = requireNonNull((Long) redis.command("PTTL", String.valueOf(key)));
        if (left < 0) {
          throw new IllegalStateException(key + " has no time to live");
        }
        longest = Math.max(longest, left);
      }
      System.out.printf(
          Locale.ROOT,
          "after their end: %,d keys, the last of which is gone after %,d s%n",
          keys.size(),
          longest / 1_000);
    } finally {
      pool.shutdownNow();
    }
  }

  private static RedisContenders.Run run(RedisCoordination coordination) {
    var run =
        new RedisContenders.Run(
            coordination.create(RedisContenders.terms(RunId.random())).orElseThrow());
    var alpha = run.agent("alpha");
    var beta = run.agent("beta");
    for (var i = 0; i < WRITES; i++) {
      var agent = i % 2 == 0 ? alpha : beta;
      run.accepted(
          new Command.Write(
              agent.id(), agent.token(), "w" + i, "key" + i % 5, Payload.text(VALUE), -1));
    }
    return run;
  }

  private static long number(RedisServer redis, String section, String name) {
    return String.valueOf(redis.command("INFO", section))
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).trim()))
        .findFirst()
        .orElseThrow();
  }
}

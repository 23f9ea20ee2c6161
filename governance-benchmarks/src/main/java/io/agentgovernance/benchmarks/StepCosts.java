// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Where the processor time of a durable step goes: microseconds for each step by kind of thread,
 * and bytes allocated. Processor time, unlike steps per second, is the same on a machine that is
 * busy with other work.
 *
 * <p>Arguments: {@code runs=32} at once, {@code steps=20} for each, {@code seconds=8} measured,
 * after {@code warmup=12} seconds, {@code dbos} to measure DBOS on PostgreSQL, {@code learned} to
 * measure {@code ctx.step}, {@code durable} to measure {@code ctx.durableStep}. Files are in a
 * folder of the directory named by the system property {@code results}, and are removed at the end.
 */
public final class StepCosts {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** What threads had used at one moment, by id. */
  private record Use(String name, long cpu, long user, long bytes) {}

  private StepCosts() {}

  /** Runs it and prints the table. */
  public static void main(String[] args) throws Exception {
    var numbers = new HashMap<>(Map.of("runs", 32, "steps", 20, "seconds", 8, "warmup", 12));
    var kind = "";
    for (var arg : args) {
      var at = arg.indexOf('=');
      if (at > 0 && numbers.containsKey(arg.substring(0, at))) {
        numbers.put(arg.substring(0, at), Integer.valueOf(arg.substring(at + 1)));
      } else if (arg.equals("dbos") || arg.equals("learned") || arg.equals("durable")) {
        kind = arg;
      } else {
        System.err.println(
            "expected runs=, steps=, seconds=, warmup=, 'dbos', 'durable' or 'learned' but found '"
                + arg
                + "'");
        System.exit(2);
      }
    }
    var runs = number(numbers, "runs");
    var steps = number(numbers, "steps");
    var results = Files.createDirectories(Path.of(System.getProperty("results", ".")));
    var folder = Files.createTempDirectory(results.toRealPath(), "step-costs");
    try (var contender = open(kind, folder, runs)) {
      System.out.println(Environment.describe() + "\n");
      spend(contender, runs, steps, Duration.ofSeconds(number(numbers, "warmup")));
      measure(contender, runs, steps, Duration.ofSeconds(number(numbers, "seconds")));
    } finally {
      GovernedStores.remove(folder);
    }
    System.exit(0); // threads of others may still wait for something
  }

  private static int number(Map<String, Integer> numbers, String name) {
    return requireNonNull(numbers.get(name), name);
  }

  private static StepContender open(String kind, Path folder, int runs) throws Exception {
    return switch (kind) {
      case "dbos" -> new DbosSteps(folder);
      case "durable" -> new GovernedSteps(GovernedSteps.Kind.DURABLE_STEP, folder, runs);
      case "learned" -> new GovernedSteps(GovernedSteps.Kind.LEARNED_VALUE, folder, runs);
      default -> new GovernedSteps(GovernedSteps.Kind.TOOL_CALL, folder, runs);
    };
  }

  private static void measure(StepContender contender, int runs, int steps, Duration time)
      throws Exception {
    var threads = uses();
    var process = SYSTEM.getProcessCpuTime();
    var children = children();
    var start = System.nanoTime();
    var done = spend(contender, runs, steps, time);
    var seconds = (System.nanoTime() - start) / 1e9;
    var all = (SYSTEM.getProcessCpuTime() - process) / 1e3 / done.count();
    var others = (children() - children) / 1e3 / done.count();
    var groups = new TreeMap<String, double[]>();
    uses()
        .forEach(
            (id, after) -> {
              var before = threads.getOrDefault(id, new Use("", 0, 0, 0));
              var sums = groups.computeIfAbsent(group(after.name), unused -> new double[3]);
              sums[0] += (after.cpu - before.cpu) / 1e3 / done.count();
              sums[1] += (after.user - before.user) / 1e3 / done.count();
              sums[2] += (double) (after.bytes - before.bytes) / done.count();
            });
    System.out.printf(
        Locale.ROOT,
        "%s: %d runs at once, %,d steps in %.1f s, %,.0f steps/s, p50 %.2f ms, p99 %.2f ms%n%n",
        contender.name(),
        runs,
        done.count(),
        seconds,
        done.count() / seconds,
        done.quantile(0.5) / 1e3,
        done.quantile(0.99) / 1e3);
    System.out.println(
        "| threads | µs/step | of it in the kernel | bytes/step |\n|---|---|---|---|");
    var named = 0.0;
    for (var group : groups.entrySet()) {
      var sums = group.getValue();
      named += sums[0];
      if (sums[0] >= 0.05) {
        row(group.getKey(), sums[0], sums[0] - sums[1], sums[2]);
      }
    }
    row("JVM: collector, compiler, threads that ended", all - named, 0, 0);
    row("other processes", others, 0, 0);
    row("all", all + others, 0, 0);
  }

  private static void row(String what, double cpu, double kernel, double bytes) {
    System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f | %,.0f |%n", what, cpu, kernel, bytes);
  }

  /** Makes runs for a while. */
  private static StepTimes spend(StepContender contender, int runs, int steps, Duration time)
      throws Exception {
    var times = new StepTimes();
    var callers = AgentPool.create(runs);
    try {
      var until = System.nanoTime() + time.toNanos();
      var tasks = new ArrayList<Callable<Void>>();
      for (var caller = 0; caller < runs; caller++) {
        tasks.add(
            () -> {
              while (System.nanoTime() - until < 0) {
                contender.run(steps, times);
              }
              return null;
            });
      }
      for (var ended : callers.invokeAll(tasks)) {
        ended.get();
      }
      return times;
    } finally {
      callers.shutdown();
    }
  }

  private static Map<Long, Use> uses() {
    var uses = new HashMap<Long, Use>();
    for (var id : THREADS.getAllThreadIds()) {
      var info = THREADS.getThreadInfo(id);
      if (info != null) {
        uses.put(
            id,
            new Use(
                info.getThreadName(),
                THREADS.getThreadCpuTime(id),
                THREADS.getThreadUserTime(id),
                THREADS.getThreadAllocatedBytes(id)));
      }
    }
    return uses;
  }

  private static String group(String thread) {
    return thread.replaceAll("[-/]?[0-9]+$", "");
  }

  /** The processor time of the processes that this one started, in nanoseconds. */
  private static long children() {
    List<ProcessHandle> descendants = ProcessHandle.current().descendants().toList();
    return descendants.stream()
        .mapToLong(each -> each.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
        .sum();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Steps that survive a crash, per second and each, at 1, 8 and 32 runs at once: ours against those
 * of DBOS Java and LangGraph4j, on one disk and in one process, one after the other in turns. Then
 * how long it takes to resume a long run.
 *
 * <p>Arguments: {@code quick} for short turns, {@code steps=20} for the steps of a run. Files are
 * in a folder of the directory named by the system property {@code results}, by default the current
 * one, and are removed at the end.
 */
public final class DurableSteps {

  private static final List<Integer> AT_ONCE = List.of(1, 8, 32);
  private static final int MOST = 32;

  private final int steps;
  private final int turns;
  private final Duration turn;
  private final Map<StepContender, Map<Integer, List<Figure>>> seen = new LinkedHashMap<>();
  private final List<String> skipped = new ArrayList<>();

  private DurableSteps(int steps, int turns, Duration turn) {
    this.steps = steps;
    this.turns = turns;
    this.turn = turn;
  }

  /** Runs it and prints the tables. */
  public static void main(String[] args) throws Exception {
    var steps = 20;
    var quick = false;
    for (var arg : args) {
      if (arg.startsWith("steps=")) {
        steps = Integer.parseInt(arg.substring("steps=".length()));
      } else if (arg.equals("quick")) {
        quick = true;
      } else {
        System.err.println("expected 'quick' or 'steps=<number>' but found '" + arg + "'");
        System.exit(2);
      }
    }
    var results = Files.createDirectories(Path.of(System.getProperty("results", ".")));
    var folder = Files.createTempDirectory(results.toRealPath(), "durable-steps");
    try {
      System.out.println(Environment.describe() + "\n");
      new DurableSteps(steps, quick ? 1 : 3, Duration.ofSeconds(quick ? 1 : 3)).measure(folder);
      System.out.println(ResumedSteps.measure(Files.createDirectory(folder.resolve("resumed"))));
    } finally {
      GovernedStores.remove(folder);
    }
    System.exit(0); // threads of others may still wait for something
  }

  private void measure(Path folder) throws Exception {
    try {
      open("governed", at -> new GovernedSteps(GovernedSteps.Kind.TOOL_CALL, at, MOST), folder);
      open("durable", at -> new GovernedSteps(GovernedSteps.Kind.DURABLE_STEP, at, MOST), folder);
      open("learned", at -> new GovernedSteps(GovernedSteps.Kind.LEARNED_VALUE, at, MOST), folder);
      open("dbos", DbosSteps::new, folder);
      open("langgraph4j", at -> new LangGraph4jSteps(at, steps), folder);
      for (var contender : seen.keySet()) {
        for (var i = 0; i < turns; i++) {
          turn(contender, MOST); // warm-up
        }
      }
      for (var i = 0; i < turns; i++) {
        for (var atOnce : AT_ONCE) {
          for (var contender : seen.entrySet()) {
            contender
                .getValue()
                .computeIfAbsent(atOnce, n -> new ArrayList<>())
                .add(turn(contender.getKey(), atOnce));
          }
        }
      }
      System.out.println(report());
    } finally {
      for (var contender : seen.keySet()) {
        contender.close();
      }
    }
  }

  private interface Opening {
    StepContender in(Path folder) throws Exception;
  }

  private void open(String name, Opening opening, Path folder) {
    try {
      seen.put(opening.in(Files.createDirectory(folder.resolve(name))), new LinkedHashMap<>());
    } catch (Exception e) {
      skipped.add(name + " is not measured: it could not be started here: " + e);
    }
  }

  /** Makes runs for a while, {@code atOnce} at a time. */
  private Figure turn(StepContender contender, int atOnce) throws Exception {
    var times = new StepTimes();
    var callers = AgentPool.create(atOnce);
    try {
      var start = System.nanoTime();
      var until = start + turn.toNanos();
      var tasks = new ArrayList<Callable<Void>>();
      for (var caller = 0; caller < atOnce; caller++) {
        tasks.add(
            () -> {
              while (System.nanoTime() - until < 0) {
                contender.run(steps, times);
              }
              return null;
            });
      }
      for (var done : callers.invokeAll(tasks)) {
        done.get();
      }
      var seconds = (System.nanoTime() - start) / 1e9;
      return new Figure(times.count() / seconds, times.quantile(0.5), times.quantile(0.99));
    } finally {
      callers.shutdownNow();
    }
  }

  private record Figure(double perSecond, int p50Micros, int p99Micros) {}

  private String report() {
    var report =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Runs of %d steps; medians of %d turns of %d s each, after as many to warm up.%n%n",
                steps,
                turns,
                turn.toSeconds()));
    report.append("| |");
    AT_ONCE.forEach(
        n ->
            report.append(
                String.format(
                    Locale.ROOT, " %d at once: steps/s (of each turn) | p50, p99 ms |", n)));
    report.append("\n|---|").append("---|---|".repeat(AT_ONCE.size())).append('\n');
    seen.forEach(
        (contender, figures) -> {
          report.append("| ").append(contender.name()).append(" |");
          AT_ONCE.forEach(n -> report.append(cells(figures.getOrDefault(n, List.of()))));
          report.append('\n');
        });
    report.append('\n');
    seen.keySet()
        .forEach(
            contender ->
                report
                    .append("- ")
                    .append(contender.name())
                    .append(": ")
                    .append(contender.settings())
                    .append(".\n"));
    skipped.forEach(line -> report.append("- ").append(line).append('\n'));
    return report.toString();
  }

  private static String cells(List<Figure> turns) {
    if (turns.isEmpty()) {
      return " not run | |";
    }
    var sorted = turns.stream().sorted(Comparator.comparingDouble(Figure::perSecond)).toList();
    var median = sorted.get(sorted.size() / 2);
    var each = turns.stream().map(turn -> String.format(Locale.ROOT, "%,.0f", turn.perSecond));
    return String.format(
        Locale.ROOT,
        " %,.0f (%s) | %.2f, %.2f |",
        median.perSecond,
        String.join("; ", each.toList()),
        median.p50Micros / 1e3,
        median.p99Micros / 1e3);
  }
}

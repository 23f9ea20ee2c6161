// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Prints the results of one JMH invocation as Markdown: medians, how far the forks differ, and
 * ratios, which is what the figures are for: two numbers from one run on one machine can be
 * compared, two from different machines cannot.
 */
public final class BenchmarkReport {

  private static final String FLOOR = TwoAgentsBenchmark.class.getName() + ".floor";

  private final String settings;
  private final List<Row> rows;

  private BenchmarkReport(String settings, List<Row> rows) {
    this.settings = settings;
    this.rows = List.copyOf(rows);
  }

  /** Prints the report of the JMH results in the file named by the argument. */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println(
          "expected one argument, the JSON file that JMH wrote, but found " + args.length);
      System.exit(2);
    }
    System.out.print(of(Path.of(args[0])).markdown());
  }

  /**
   * Reads the results.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it has no results in sample time
   */
  public static BenchmarkReport of(Path json) throws IOException {
    var rows = new ArrayList<Row>();
    var settings = "";
    for (var result : new ObjectMapper().readTree(json.toFile())) {
      if (result.path("mode").asText().equals("sample")) {
        rows.add(Row.of(result));
        settings = settings(result);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          json + ": expected JMH results in mode 'sample' but found none. Run two-agents first.");
    }
    return new BenchmarkReport(settings, rows);
  }

  /** The report. */
  public String markdown() {
    return settings + "\n\n" + figures() + "\n" + ratios();
  }

  private static String settings(JsonNode result) {
    return String.format(
        Locale.ROOT,
        "JMH %s, %s %s, %d forks, each %d × %s to warm up and %d × %s measured",
        result.path("jmhVersion").asText(),
        result.path("vmName").asText(),
        result.path("vmVersion").asText(),
        result.path("forks").asInt(),
        result.path("warmupIterations").asInt(),
        result.path("warmupTime").asText(),
        result.path("measurementIterations").asInt(),
        result.path("measurementTime").asText());
  }

  private String figures() {
    var floor = rows.stream().filter(row -> row.benchmark.equals(FLOOR)).findFirst();
    var table =
        new StringBuilder(
            "| column | × floor | median µs | median of each fork | mean µs | p99 µs |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (var row : rows) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f | %s | %.1f | %.0f |%n",
              row.name(),
              floor.map(each -> times(row.median / each.median)).orElse("no floor"),
              row.median,
              row.forkMedians.stream()
                  .map(median -> String.format(Locale.ROOT, "%.1f", median))
                  .collect(Collectors.joining(", ")),
              row.mean,
              row.p99));
    }
    return table.toString();
  }

  private String ratios() {
    var table = new StringBuilder("| median of the row ÷ median of the column |");
    rows.forEach(row -> table.append(' ').append(row.name()).append(" |"));
    table.append("\n|---|").append("---|".repeat(rows.size())).append('\n');
    for (var row : rows) {
      table.append("| ").append(row.name()).append(" |");
      rows.forEach(
          column -> table.append(' ').append(times(row.median / column.median)).append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.2f×", ratio);
  }

  /** One benchmark method's figures, in microseconds. */
  private record Row(
      String benchmark, double median, List<Double> forkMedians, double mean, double p99) {

    static Row of(JsonNode result) {
      var metric = result.path("primaryMetric");
      var unit = metric.path("scoreUnit").asText();
      if (!unit.equals("us/op")) {
        throw new IllegalArgumentException(
            "expected the unit us/op but found " + unit + " in " + result.path("benchmark"));
      }
      return new Row(
          result.path("benchmark").asText(),
          metric.path("scorePercentiles").path("50.0").asDouble(),
          StreamSupport.stream(metric.path("rawDataHistogram").spliterator(), false)
              .map(Row::median)
              .toList(),
          metric.path("score").asDouble(),
          metric.path("scorePercentiles").path("99.0").asDouble());
    }

    /**
     * A fork is a list of iterations, an iteration a list of pairs of a value and how often it was
     * seen.
     */
    private static double median(JsonNode fork) {
      var seen = new TreeMap<Double, Long>();
      for (var iteration : fork) {
        for (var pair : iteration) {
          seen.merge(pair.get(0).asDouble(), pair.get(1).asLong(), Long::sum);
        }
      }
      var half = (seen.values().stream().mapToLong(Long::longValue).sum() + 1) / 2;
      for (var entry : seen.entrySet()) {
        half -= entry.getValue();
        if (half <= 0) {
          return entry.getKey();
        }
      }
      throw new NoSuchElementException("expected samples in each fork but found none");
    }

    /** What the method's {@link Column} says, or the method's name. */
    String name() {
      var dot = benchmark.lastIndexOf('.');
      var method = benchmark.substring(dot + 1);
      try {
        for (var each : Class.forName(benchmark.substring(0, dot)).getMethods()) {
          var column = each.getAnnotation(Column.class);
          if (each.getName().equals(method) && column != null) {
            return column.value();
          }
        }
      } catch (ClassNotFoundException e) {
        // Results of a class that is gone keep its name.
        return benchmark;
      }
      return method;
    }
  }
}

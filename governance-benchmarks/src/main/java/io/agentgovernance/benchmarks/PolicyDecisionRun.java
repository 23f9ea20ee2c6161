// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.Locale;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link PolicyDecisionBenchmark} and prints its percentiles. Takes any option of JMH. */
public final class PolicyDecisionRun {

  private PolicyDecisionRun() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    var options =
        new OptionsBuilder()
            .parent(new CommandLineOptions(args))
            .include("\\." + PolicyDecisionBenchmark.class.getSimpleName() + "\\.")
            .shouldFailOnError(true)
            .build();
    var environment = Environment.describe();
    var results = new Runner(options).run();
    System.out.println("\n" + environment + "\n");
    System.out.println("| rules of the host | p50 µs | p99 µs | mean µs |\n|---|---|---|---|");
    for (var result : results) {
      var time = result.getPrimaryResult();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %.2f | %.2f |%n",
          result.getParams().getParam("rules"),
          time.getStatistics().getPercentile(50) / 1e3,
          time.getStatistics().getPercentile(99) / 1e3,
          time.getScore() / 1e3);
    }
  }
}

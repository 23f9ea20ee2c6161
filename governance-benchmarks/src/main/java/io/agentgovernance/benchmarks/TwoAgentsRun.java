// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs every class named {@code *TwoAgentsBenchmark} in one JMH invocation and prints the {@link
 * BenchmarkReport}.
 *
 * <p>Arguments: {@code quick} for one short fork per column, then any option of JMH, which wins.
 * The results are in {@code two-agents.json} in the directory named by the system property {@code
 * results}, by default the current one.
 */
public final class TwoAgentsRun {

  private static final String COLUMNS = "\\.[A-Za-z]*TwoAgentsBenchmark\\.";

  private TwoAgentsRun() {}

  /** Runs the comparison. */
  public static void main(String[] args) throws Exception {
    var arguments = List.of(args);
    var quick = !arguments.isEmpty() && arguments.get(0).equals("quick");
    var jmhOptions = quick ? Arrays.copyOfRange(args, 1, args.length) : args;
    var results =
        Files.createDirectories(Path.of(System.getProperty("results", ".")))
            .resolve("two-agents.json");
    var given = new CommandLineOptions(jmhOptions);
    var options = new OptionsBuilder().parent(given);
    if (given.getIncludes().isEmpty()) {
      options.include(COLUMNS);
    }
    if (quick) {
      options.forks(given.getForkCount().orElse(1));
      options.warmupIterations(given.getWarmupIterations().orElse(2));
      options.warmupTime(given.getWarmupTime().orElse(TimeValue.seconds(1)));
      options.measurementIterations(given.getMeasurementIterations().orElse(3));
      options.measurementTime(given.getMeasurementTime().orElse(TimeValue.seconds(1)));
    }
    options.resultFormat(ResultFormatType.JSON).result(results.toString()).shouldFailOnError(true);

    var environment = Environment.describe();
    System.out.println(environment);
    new Runner(options.build()).run();
    var report = environment + "\n" + BenchmarkReport.of(results).markdown();
    Files.writeString(results.resolveSibling("two-agents.md"), report);
    System.out.println();
    System.out.print(report);
  }
}

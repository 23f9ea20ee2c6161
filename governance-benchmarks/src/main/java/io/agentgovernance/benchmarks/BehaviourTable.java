// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs every scenario of {@link Behaviour} against every library in {@link #COLUMNS} and prints
 * what was seen as a Markdown table. The figures are in {@code behaviour.json} in the directory
 * named by the system property {@code results}, by default the current one.
 */
public final class BehaviourTable {

  /** The libraries, in the order of the columns. */
  static final List<Supplier<Behaviour>> COLUMNS =
      List.of(LangChain4jBehaviour::new, LangGraph4jBehaviour::new, GovernanceBehaviour::new);

  private BehaviourTable() {}

  /** Runs the scenarios. */
  public static void main(String[] args) throws Exception {
    var environment = Environment.describe();
    var seen = new LinkedHashMap<String, Map<Row, Cell>>();
    for (var column : COLUMNS) {
      var behaviour = column.get();
      behaviour.warmUp();
      var cells = new LinkedHashMap<Row, Cell>();
      for (var row : Row.values()) {
        cells.put(row, row.scenario.run(behaviour));
      }
      seen.put(behaviour.name(), cells);
    }
    var json =
        Files.createDirectories(Path.of(System.getProperty("results", ".")))
            .resolve("behaviour.json");
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(json.toFile(), Map.of("environment", environment, "seen", seen));
    System.out.println(environment + "\n");
    System.out.print(markdown(seen));
  }

  static String markdown(Map<String, Map<Row, Cell>> seen) {
    var table = new StringBuilder("| scenario | " + String.join(" | ", seen.keySet()) + " |\n");
    table.append("|---|").append("---|".repeat(seen.size())).append('\n');
    for (var row : Row.values()) {
      table.append("| ").append(row.words).append(" |");
      seen.values().forEach(cells -> table.append(' ').append(text(cells, row)).append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  private static String text(Map<Row, Cell> cells, Row row) {
    var cell = cells.get(row);
    return cell == null ? "not run" : cell.text().replace("|", "\\|");
  }

  /** The rows of the table. Their scenarios are method references without state. */
  @SuppressWarnings("ImmutableEnumChecker")
  enum Row {
    ONE_AGENT_FAILS(
        "ALPHA fails at %d ms, BETA needs %d ms"
            .formatted(Behaviour.FAILS_AFTER.toMillis(), Behaviour.SLOW.toMillis()),
        Behaviour::oneAgentFails),
    CALLER_GIVES_UP(
        "the caller gives up at %d ms, both need %d ms"
            .formatted(Behaviour.GIVES_UP_AFTER.toMillis(), Behaviour.SLOW.toMillis()),
        Behaviour::callerGivesUp),
    RESULTS_KEPT("BETA has finished, then ALPHA fails: BETA's result", Behaviour::resultsKept),
    RESUME("the same with persistence on, then run again", Behaviour::resume),
    TOKEN_SUM(
        "token sum, %d threads × %,d calls"
            .formatted(Behaviour.THREADS, Behaviour.CALLS_PER_THREAD),
        Behaviour::tokenSum),
    RETRY_FOR_EVER("an error handler that always says retry", Behaviour::retryForEver);

    private final String words;
    private final Scenario scenario;

    Row(String words, Scenario scenario) {
      this.words = words;
      this.scenario = scenario;
    }
  }

  private interface Scenario {
    Cell run(Behaviour behaviour) throws Exception;
  }
}

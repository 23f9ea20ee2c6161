// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkReportTest {

  private static final String FLOOR = "io.agentgovernance.benchmarks.TwoAgentsBenchmark.floor";
  private static final String PEER = "io.agentgovernance.benchmarks.TwoAgentsBenchmark.langGraph4j";

  @TempDir Path directory;

  @Test
  void comparesEachMedianWithTheFloorAndWithEachOther() throws Exception {
    var report = report(result(FLOOR, 10, "us/op"), result(PEER, 25, "us/op"));

    assertThat(report)
        .contains("| two CompletableFutures (floor) | 1.00× | 10.0 | 10.0, 12.0 | 11.0 | 30 |")
        .contains("| LangGraph4j fork/join | 2.50× | 25.0 | 25.0, 27.0 | 26.0 | 45 |")
        .contains("| two CompletableFutures (floor) | 1.00× | 0.40× |");
  }

  @Test
  void keepsTheNameOfAMethodThatIsNotHere() throws Exception {
    var report = report(result("gone.Away.column", 25, "us/op"));

    assertThat(report).contains("| gone.Away.column | no floor | 25.0 |");
  }

  @Test
  void refusesAnotherUnit() {
    assertThatThrownBy(() -> report(result(FLOOR, 10, "ns/op"))).hasMessageContaining("ns/op");
  }

  @Test
  void refusesAFileWithoutResults() {
    assertThatThrownBy(this::report).hasMessageContaining("found none");
  }

  private String report(String... results) throws Exception {
    var json = directory.resolve("results.json");
    Files.writeString(json, "[" + String.join(",", results) + "]");
    return BenchmarkReport.of(json).markdown();
  }

  /** Two forks of two iterations each; the second fork is slower by two. */
  private static String result(String benchmark, int median, String unit) {
    return """
        {"benchmark": "%s", "mode": "sample", "primaryMetric": {"score": %d, "scoreUnit": "%s",
          "scorePercentiles": {"50.0": %d, "99.0": %d},
          "rawDataHistogram": [[[[%d, 2], [1, 1]], [[900, 1]]], [[[%d, 3]], [[900, 1]]]]}}
        """
        .formatted(benchmark, median + 1, unit, median, median + 20, median, median + 2);
  }
}

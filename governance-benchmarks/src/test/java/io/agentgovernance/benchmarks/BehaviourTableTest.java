// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentgovernance.benchmarks.BehaviourTable.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BehaviourTableTest {

  @Test
  void printsOneColumnPerLibraryInTheGivenOrder() {
    var seen = new LinkedHashMap<String, Map<Row, Cell>>();
    seen.put("second 2", Map.of(Row.TOKEN_SUM, new Cell.TokenSum(480_000, 470_000)));
    seen.put("first 1", Map.of(Row.TOKEN_SUM, new Cell.TokenSum(480_000, 480_000)));

    var table = BehaviourTable.markdown(seen);

    assertThat(table)
        .startsWith("| scenario | second 2 | first 1 |\n|---|---|---|\n")
        .contains(
            "| token sum, 16 threads × 2,000 calls | 470,000 counted of 480,000 | exact (480,000) |")
        .contains("| not run | not run |");
  }

  @Test
  void writesTheFiguresOfACellAndItsWords() {
    var json = new ObjectMapper().valueToTree(new Cell.Resumed(4, 1, "returns both results"));

    assertThat(json.path("calls").asInt()).isEqualTo(4);
    assertThat(json.path("repeated").asInt()).isEqualTo(1);
    assertThat(json.path("text").asText())
        .isEqualTo(
            "finished calls made again: 1; calls in all: 4; the second run returns both results");
  }

  @Test
  void saysNotMeasuredWhenALibraryGainsWhatItDidNotOffer() {
    assertThat(new Cell.NotOffered(List.of("Retry"), List.of()).text())
        .isEqualTo("not offered (no type named *Retry*)");
    assertThat(new Cell.NotOffered(List.of("Retry"), List.of("RetryPolicy")).text())
        .isEqualTo("not measured; the library has RetryPolicy");
  }

  @Test
  void findsTypesOfALibraryByName() {
    var jar = LibraryJar.of(org.bsc.langgraph4j.StateGraph.class);

    assertThat(jar.typesNamed("stategraph")).contains("StateGraph", "MessagesStateGraph");
    assertThat(jar.name()).matches("langgraph4j-core \\d+\\.\\d+.*");
  }
}

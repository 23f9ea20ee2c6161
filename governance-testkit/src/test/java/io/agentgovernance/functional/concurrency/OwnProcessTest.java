// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must not be done to the JVM that runs the tests, or cannot be seen in it. */
@Timeout(180)
class OwnProcessTest {
  private static final long MEBIBYTE = 1024 * 1024;

  @Test
  void runsWhoseAgentsSpinForEverStillTimeOut() {
    List<String> lines = OwnProcess.linesOf(SpinningMain.class);

    assertThat(lines).last().isEqualTo("timedOut=20 abandoned=20 reported=20");
  }

  @Test
  void tenThousandOrchestrationsLeaveNothingBehind() {
    List<String> lines = OwnProcess.linesOf(ManyRunsMain.class, "-Xmx128m");

    Map<String, Long> warm = numbers(lines, "warm ");
    Map<String, Long> done = numbers(lines, "done ");
    assertThat(warm.get("completed")).isEqualTo(ManyRunsMain.WARM_UP);
    assertThat(done.get("completed")).isEqualTo(ManyRunsMain.RUNS);
    assertThat(done.get("heap") - warm.get("heap"))
        .as("growth of the heap")
        .isLessThan(4 * MEBIBYTE);
    assertThat(done.get("threads") - warm.get("threads")).as("more threads").isLessThanOrEqualTo(4);
    assertThat(done.get("pooled")).as("the most the pools may have").isLessThanOrEqualTo(152);
    assertThat(lines).last().isEqualTo("findable " + ManyRunsMain.RETAINED);
  }

  private static Map<String, Long> numbers(List<String> lines, String when) {
    String line = lines.stream().filter(each -> each.startsWith(when)).findFirst().orElseThrow();
    return Stream.of(line.substring(when.length()).split(" "))
        .map(pair -> pair.split("="))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Long.valueOf(pair[1])));
  }
}

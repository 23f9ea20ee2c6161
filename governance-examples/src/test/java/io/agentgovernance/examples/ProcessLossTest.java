// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes at one run on a real Redis: one is killed, the other one ends it. */
@Timeout(120)
class ProcessLossTest {
  private static final int MOMENTS = Boolean.getBoolean("governance.soak") ? 20 : 1;
  private static final SplittableRandom RANDOM = new SplittableRandom(20);

  /** Which process is killed, and how long after the second one joined. */
  record Loss(String process, long afterMillis) {}

  static Stream<Loss> losses() {
    Stream.Builder<Loss> losses = Stream.builder();
    for (int i = 0; i < MOMENTS; i++) {
      losses.add(new Loss("start", RANDOM.nextLong(1, 2_500)));
      losses.add(new Loss("join", RANDOM.nextLong(1, 2_500)));
    }
    return losses.build();
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("losses")
  void theRunCompletesWithAllOfItAndNothingFinishedIsRepeated(Loss loss) throws Exception {
    try (Nodes nodes = Nodes.start()) {
      Nodes.Node victim = loss.process().equals("start") ? nodes.first : nodes.second;
      Nodes.Node survivor = victim == nodes.first ? nodes.second : nodes.first;
      boolean ended = victim.process().waitFor(loss.afterMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("it is at work").isFalse();
      victim.kill();

      assertThat(survivor.awaits("RESULT")).isEqualTo(Nodes.ALL);
      assertThat(survivor.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(nodes.repeated()).as("finished calls").isEqualTo("[]");
      assertThat(nodes.calls()).as("one in flight for each agent at most").isBetween(24L, 26L);
    }
  }

  /**
   * What is left of the run's time is too little for its agents: what was done is in the result.
   */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aRunThatIsTakenOverWithTooLittleTimeEndsWithWhatWasDone() throws Exception {
    Duration tooLittle = Duration.ofSeconds(12); // for agents who stay, however fast a machine is
    List<String> options = List.of(NodeMain.STAYING);
    try (Nodes nodes = Nodes.start(tooLittle, options, options)) {
      nodes.awaitKept("alpha 3");
      nodes.first.kill();

      assertThat(nodes.second.awaits("RESULT")).isEqualTo("RESULT TIMEOUT -");
      assertThat(nodes.second.awaits("USAGE")).endsWith(" OF 2").isNotEqualTo("USAGE 0 OF 2");
      assertThat(nodes.repeated()).as("finished calls").isEqualTo("[]");
      assertThat(nodes.kept()).isBetween(4L, 2L * NodeMain.FEW);
    }
  }

  /** The control: who cannot read what the bodies learned makes finished calls again. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void withoutTheJournalFinishedCallsAreRepeated() throws Exception {
    Duration enough = Duration.ofMinutes(2);
    try (Nodes nodes = Nodes.start(enough, List.of(), List.of(NodeMain.FORGETFUL))) {
      nodes.awaitKept("alpha 3");
      nodes.first.kill();

      assertThat(nodes.second.awaits("RESULT")).isEqualTo(Nodes.ALL);
      assertThat(nodes.repeated()).as("finished calls").contains("alpha 0", "beta 0");
      assertThat(nodes.calls()).isGreaterThan(26);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * F12 with whole processes: one at a run stands still (SIGSTOP) for longer than its lease lasts,
 * with a write on its way; when it goes on (SIGCONT) another one is at its work.
 */
@Timeout(120)
class ProcessPauseTest {
  private static final Duration ENOUGH = Duration.ofMinutes(2);

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aCoordinatorThatWasPausedIsFencedAndLeavesTheRunToWhoTookItOver() throws Exception {
    pauseTheCoordinator();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anAgentsProcessThatWasPausedIsFencedAndItsAgentIsRunByTheCoordinator() throws Exception {
    pauseTheAgentsProcess();
  }

  @RepeatedTest(50)
  @Execution(ExecutionMode.CONCURRENT)
  @Soak
  void coordinatorsThatWerePausedFiftyTimes() throws Exception {
    pauseTheCoordinator();
  }

  @RepeatedTest(50)
  @Execution(ExecutionMode.CONCURRENT)
  @Soak
  void agentsProcessesThatWerePausedFiftyTimes() throws Exception {
    pauseTheAgentsProcess();
  }

  /** The control: the same write of a process that was not paused is accepted. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void withoutAPauseTheSameWriteIsAccepted() throws Exception {
    try (Nodes nodes = Nodes.start(ENOUGH, List.of(NodeMain.LATE + "alpha"), List.of())) {
      String unused = nodes.first.awaits("WRITING");
      Object unusedLength = nodes.redis.command("RPUSH", "go", "on");

      assertThat(nodes.first.awaits("RESULT")).isEqualTo(Nodes.ALL);
      assertThat(late(nodes, nodes.first)).startsWith("[OK");
    }
  }

  private static void pauseTheCoordinator() throws Exception {
    try (Nodes nodes = Nodes.start(ENOUGH, List.of(NodeMain.LATE + "alpha"), List.of())) {
      String unused = nodes.first.awaits("WRITING");
      nodes.first.signal("STOP");
      String unusedToo = nodes.second.awaits("TAKEN");
      Object unusedLength = nodes.redis.command("RPUSH", "go", "on");
      nodes.first.signal("CONT");

      assertThat(nodes.first.awaits("RESULT"))
          .as("it leaves the run")
          .isEqualTo("RESULT ORCHESTRATION_ERROR LEASE_LOST -");
      assertThat(late(nodes, nodes.first))
          .as("of an epoch that is over")
          .isEqualTo("[FENCED SUPERSEDED]");
      assertThat(nodes.second.awaits("RESULT")).isEqualTo(Nodes.ALL);
      completeAndNothingRepeated(nodes);
    }
  }

  private static void pauseTheAgentsProcess() throws Exception {
    try (Nodes nodes = Nodes.start(ENOUGH, List.of(), List.of(NodeMain.LATE + "beta"))) {
      String unused = nodes.second.awaits("WRITING");
      nodes.second.signal("STOP");
      nodes.awaitKept("beta " + LateWrite.WHICH); // of the agent that was taken back
      Object unusedLength = nodes.redis.command("RPUSH", "go", "on");
      nodes.second.signal("CONT");

      assertThat(nodes.first.awaits("RESULT")).isEqualTo(Nodes.ALL);
      assertThat(nodes.second.awaits("ENDED")).contains("COMPLETED");
      assertThat(late(nodes, nodes.second)).isEqualTo("[FENCED STALE_LEASE]");
      completeAndNothingRepeated(nodes);
    }
  }

  private static String late(Nodes nodes, Nodes.Node node) throws Exception {
    String unused = node.awaits("WROTE");
    return String.valueOf(nodes.redis.command("LRANGE", "late", "0", "-1"));
  }

  private static void completeAndNothingRepeated(Nodes nodes) throws InterruptedException {
    for (Nodes.Node node : List.of(nodes.first, nodes.second)) {
      assertThat(node.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(nodes.repeated()).as("finished calls").isEqualTo("[]");
    assertThat(nodes.calls()).as("one in flight for each agent at most").isBetween(24L, 26L);
  }
}

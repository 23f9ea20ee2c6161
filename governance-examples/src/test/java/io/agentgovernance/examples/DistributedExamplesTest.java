// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.testkit.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples with several processes do what they say, on a real Redis. */
@Timeout(90)
class DistributedExamplesTest {
  private static RedisServer redis;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void twoProcessesComeToTheSameSolutionAsOne() throws Exception {
    assertThat(Printed.by(args -> TwoProcesses.main(new String[] {redis.uri()})))
        .contains("one process: COMPLETED, ")
        .contains("second process: runs BETA\n")
        .contains("second process: the run is COMPLETED\n")
        .contains("two processes: COMPLETED, ")
        .endsWith("the same solution: true\n");
  }

  @Test
  void aStandbyTakesOverTheRunOfAProcessThatWasKilled() throws Exception {
    assertThat(Printed.by(args -> TakenOver.main(new String[] {redis.uri()})))
        .contains("second process: exit code 137\n")
        .endsWith(
            """
            COMPLETED: buy sandbags
            2 model calls in both processes together
            calls that the provider saw: 2
            repeated model calls: 0
            """);
  }
}

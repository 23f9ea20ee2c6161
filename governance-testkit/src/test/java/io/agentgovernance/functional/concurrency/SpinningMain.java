// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.AgentReport;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Twenty runs whose agents never give the processor back. Prints what their results say. */
final class SpinningMain {
  static final int RUNS = 20;

  private static volatile long turns;

  private SpinningMain() {}

  public static void main(String[] args) {
    ManualTime time = Runs.manualTime();
    var spinning = new CountDownLatch(RUNS);
    Orchestrator orchestrator =
        Orchestrator.builder()
            .time(time)
            .workers(Workers.platform(RUNS))
            .timeout(Duration.ofSeconds(10))
            .team(Runs.alone(ctx -> spin(spinning)))
            .build();
    List<Orchestration> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(orchestrator.start(RunRequest.of("Spin")));
    }
    Held.reached(spinning);

    time.advance(Duration.ofSeconds(10));

    int timedOut = 0;
    int abandoned = 0;
    int reported = 0;
    for (Orchestration run : runs) {
      OrchestrationResult result = Runs.get(run.completion(), time, Duration.ofMillis(20));
      timedOut += result.status() == PipelineStatus.TIMEOUT ? 1 : 0;
      abandoned += result.abandonedThreads();
      reported +=
          (int)
              result.agents().stream()
                  .filter(agent -> agent.thread() == AgentReport.ThreadState.ABANDONED)
                  .count();
    }
    System.out.printf("timedOut=%d abandoned=%d reported=%d%n", timedOut, abandoned, reported);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static String spin(CountDownLatch spinning) {
    spinning.countDown();
    while (turns >= 0) {
      turns = Thread.interrupted() ? 1 : 2; // an interrupt is eaten and changes nothing
    }
    return "never";
  }
}

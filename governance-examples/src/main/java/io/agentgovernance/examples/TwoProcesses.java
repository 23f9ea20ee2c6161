// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.RunId;
import java.util.List;

/**
 * The agents of one run live in two processes: ALPHA here, BETA in another, which joins over Redis.
 * Give it the URI of a Redis. With a run's id behind it, it is the process that joins.
 */
public final class TwoProcesses {
  private static final String OBJECTIVE = "Design a caching strategy for 10k reads/s";

  private TwoProcesses() {}

  public static void main(String[] args) throws Exception {
    String redis = args.length > 0 ? args[0] : "redis://127.0.0.1:6379";
    if (args.length == 2) {
      join(redis, RunId.of(args[1]));
      return;
    }
    OrchestrationResult alone = alone();
    System.out.println("one process: " + alone.status() + ", " + alone.usage().calls() + " calls");
    OrchestrationResult together = together(redis);
    System.out.println(
        "two processes: " + together.status() + ", " + together.usage().calls() + " calls");
    System.out.println("the same solution: " + together.solution().equals(alone.solution()));
  }

  private static OrchestrationResult alone() {
    try (Orchestrator orchestrator = Orchestrator.builder().model("local:").build()) {
      return orchestrator.run(OBJECTIVE);
    }
  }

  // tag::configured[]
  /** The same in both processes: what they share, and each its own model. */
  static OrchestratorBuilder configured(String redis) {
    return Orchestrator.builder().model("local:").blackboard(redis).checkpoints(redis);
  }

  // end::configured[]

  // tag::together[]
  /** The first process: it coordinates the run and leaves BETA to another. */
  static OrchestrationResult together(String redis) throws Exception {
    try (Orchestrator orchestrator = configured(redis).build()) {
      Orchestration run = orchestrator.start(RunRequest.of(OBJECTIVE).elsewhere("BETA"));
      SecondProcess second =
          SecondProcess.start(TwoProcesses.class, List.of(redis, run.id().value()), line -> {});
      OrchestrationResult result = run.await();
      int unused = second.waitFor();
      return result;
    }
  }

  // end::together[]

  // tag::join[]
  /** The second process: it runs BETA until the run has ended. */
  static void join(String redis, RunId run) throws InterruptedException {
    try (Orchestrator orchestrator = configured(redis).build()) {
      Joined joined = orchestrator.join(JoinRequest.of(run).roles("BETA"));
      System.out.println("runs " + joined.roles().iterator().next().name());
      JoinEnd end = joined.await();
      System.out.println(
          end.<String>match(
              ended -> "the run is " + ended.status(),
              takenOver -> "this process has taken the run over",
              left -> "left: " + left.reason()));
    }
  }
  // end::join[]
}

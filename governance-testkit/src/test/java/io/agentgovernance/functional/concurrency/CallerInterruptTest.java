// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interrupting who waits: {@code run} owns its run, {@code await} only watches one. */
@Timeout(180)
class CallerInterruptTest {
  private final CountDownLatch inside = new CountDownLatch(1);
  private final Held held = new Held();
  private final Team waiting =
      Runs.alone(
          ctx -> {
            inside.countDown();
            held.politely();
            return "released";
          });

  private record Seen(OrchestrationResult result, boolean interrupted) {}

  @Test
  void interruptingTheCallerOfRunStopsTheRunAndKeepsTheFlag() {
    try (Orchestrator orchestrator = Orchestrator.builder().team(waiting).build()) {
      var caller = new CompletableFuture<Thread>();
      CompletableFuture<Seen> seen =
          Runs.aside(
              () -> {
                caller.complete(Thread.currentThread());
                OrchestrationResult result = orchestrator.run("Wait");
                return new Seen(result, Thread.currentThread().isInterrupted());
              });
      Held.reached(inside);

      Runs.get(caller).interrupt();

      assertThat(Runs.get(seen).result().status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(Runs.get(seen).interrupted()).isTrue();
    }
  }

  @Test
  void interruptingAnAwaitLeavesTheRunAlone() {
    try (Orchestrator orchestrator = Orchestrator.builder().team(waiting).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Wait"));
      var caller = new CompletableFuture<Thread>();
      CompletableFuture<Boolean> interrupted =
          Runs.aside(
              () -> {
                caller.complete(Thread.currentThread());
                try {
                  run.await();
                  return false;
                } catch (InterruptedException e) {
                  return true;
                }
              });
      Held.reached(inside);

      Runs.get(caller).interrupt();

      assertThat(Runs.get(interrupted)).isTrue();
      assertThat(run.completion()).isNotDone();
      held.release();
      assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }
}

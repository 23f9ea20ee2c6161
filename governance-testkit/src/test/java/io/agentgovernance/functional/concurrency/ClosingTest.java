// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** An orchestrator that is closed while runs go on, and what its threads carry. */
@Timeout(180)
class ClosingTest {
  private static final int RUNS = 20;

  @Test
  void closingStopsEveryLiveRunInBoundedTimeHoweverDeafItsAgents() {
    var inside = new CountDownLatch(2 * RUNS);
    var held = new Held();
    Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    Team team =
        Runs.pair(
            ctx -> {
              threads.add(Thread.currentThread());
              inside.countDown();
              held.deaf();
              return ctx.blackboard().put("late", 1).key();
            },
            ctx -> {
              threads.add(Thread.currentThread());
              inside.countDown();
              held.politely();
              return "never";
            });
    Orchestrator orchestrator =
        Orchestrator.builder().workers(Workers.platform(3 * RUNS)).team(team).build();
    List<Orchestration> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(orchestrator.start(RunRequest.of("Go on")));
    }
    Orchestration queued = orchestrator.start(RunRequest.of("Wait for threads"));
    Held.reached(inside);

    long begin = System.nanoTime();
    orchestrator.close();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);

    assertThat(took).as("as promised").isLessThan(Duration.ofSeconds(10));
    assertThat(runs)
        .allSatisfy(
            run -> {
              OrchestrationResult result = Runs.result(run);
              assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
              assertThat(result.abandonedThreads()).isPositive();
            });
    assertThat(Runs.result(queued).status()).isEqualTo(PipelineStatus.STOPPED);
    orchestrator.close();
    assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Too late")))
        .isInstanceOf(GovernanceException.class)
        .hasMessageContaining("closed");

    held.release();
    threads.forEach(ClosingTest::ended);
  }

  private static void ended(Thread thread) {
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).as("%s goes on after close", thread).isFalse();
  }

  @Test
  void startsThatRaceWithCloseAreRefusedOrStopped() {
    for (int i = 0; i < 50; i++) {
      Orchestrator orchestrator =
          Orchestrator.builder()
              .workers(Workers.platform(8))
              .team(
                  Runs.alone(
                      ctx -> {
                        new Held().politely();
                        return "never";
                      }))
              .build();
      var go = new CountDownLatch(1);
      CompletableFuture<List<Orchestration>> starts =
          Runs.aside(
              () -> {
                List<Orchestration> started = new ArrayList<>();
                go.countDown();
                try {
                  while (started.size() < 1_000) {
                    started.add(orchestrator.start(RunRequest.of("Wait")));
                  }
                } catch (GovernanceException e) {
                  assertThat(e).hasMessageContaining("closed");
                }
                return started;
              });
      Held.reached(go);
      orchestrator.close();

      assertThat(Runs.get(starts))
          .allSatisfy(
              run ->
                  assertThat(Runs.result(run).status())
                      .isIn(PipelineStatus.STOPPED, PipelineStatus.ORCHESTRATION_ERROR));
    }
  }

  @Test
  void theDiagnosticContextOfWhoStartsARunIsThatOfItsAgents() {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    Team team =
        Runs.pair(
            ctx -> {
              seen.add(MDC.get("request"));
              MDC.put("request", "left behind");
              return "";
            },
            ctx -> {
              seen.add(MDC.get("request"));
              return "";
            });
    try (Orchestrator orchestrator =
        Orchestrator.builder().workers(Workers.platform(3)).team(team).build()) {
      for (int i = 0; i < 20; i++) {
        MDC.put("request", "r" + i);
        try {
          assertThat(orchestrator.run("Look").status()).isEqualTo(PipelineStatus.COMPLETED);
        } finally {
          MDC.remove("request");
        }
        assertThat(seen).containsExactly("r" + i, "r" + i);
        seen.clear();
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.time.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that misbehave: the run and the other listeners do not notice. */
@Timeout(180)
class ListenersTest {

  @Test
  void listenersThatThrowBlockOrAreSlowHurtNobody() {
    var blocked = new Held();
    var thrown = new AtomicInteger();
    var oneAtATime = new Semaphore(0);
    List<Event> slow = Collections.synchronizedList(new ArrayList<>());
    List<Event> healthy = Collections.synchronizedList(new ArrayList<>());
    var healthyDone = new CountDownLatch(1);
    var slowDone = new CountDownLatch(1);
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(4))
            .listener(
                event -> {
                  thrown.incrementAndGet();
                  throw new IllegalStateException("a listener of the host failed");
                })
            .listener(
                event -> {
                  throw new StackOverflowError();
                })
            .listener(event -> blocked.deaf())
            .listener(
                event -> {
                  oneAtATime.acquireUninterruptibly();
                  slow.add(event);
                  end(event, slowDone);
                })
            .listener(
                event -> {
                  healthy.add(event);
                  end(event, healthyDone);
                })
            .team(Runs.alone(ctx -> ctx.blackboard().put("answer", 42).key()))
            .build()) {

      OrchestrationResult result = orchestrator.run(RunRequest.of("Write"));

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      Held.reached(healthyDone);
      assertThat(healthy).isEqualTo(result.timeline());
      assertThat(slow).as("the slow one has not even begun").isEmpty();
      oneAtATime.release(result.timeline().size());
      Held.reached(slowDone);
      assertThat(slow).isEqualTo(result.timeline());
      assertThat(thrown).hasPositiveValue();
      assertThat(result.warnings()).isEmpty();
      blocked.release();
    }
  }

  private static void end(Event event, CountDownLatch done) {
    if (event.terminal()) {
      done.countDown();
    }
  }

  @Test
  void moreBlockedListenersThanThereAreEventThreadsDoNotKeepRunsFromEnding() throws Exception {
    var blocked = new Held();
    var held = new Held();
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(8))
            .listener(event -> blocked.deaf())
            .team(
                Runs.alone(
                    ctx -> {
                      held.politely();
                      return ctx.blackboard().put("answer", 42).key();
                    }))
            .build()) {
      List<Orchestration> runs = new ArrayList<>();
      List<CompletableFuture<OrchestrationResult>> results = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Orchestration run = orchestrator.start(RunRequest.of("Write"));
        runs.add(run);
        results.add(run.completion());
      }

      held.release();

      for (Orchestration run : runs) {
        assertThat(run.await().status()).isEqualTo(PipelineStatus.COMPLETED);
      }
      assertThat(results)
          .allSatisfy(
              result -> assertThat(Runs.get(result).status()).isEqualTo(PipelineStatus.COMPLETED));
      blocked.release();
    }
  }
}

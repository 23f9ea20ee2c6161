// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many threads runs have, and what happens when there are not enough. */
@Timeout(180)
class AdmissionOfRunsTest {

  /** Counts agents that are at work, the deaf ones included. */
  private static final class AtWork {
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();

    void enter() {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
    }

    void leave() {
      now.decrementAndGet();
    }
  }

  @Test
  void aRunBeyondTheQueueIsRefusedAndCanBeStartedLater() {
    var inside = new CountDownLatch(1);
    var held = new Held();
    var ledger = new KeptLedger();
    RunRequest refused = RunRequest.of("Too many").id(RunId.of("too-many"));
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(1))
            .maxQueuedRuns(1)
            .ledger(ledger)
            .team(Runs.alone(enters(inside, held)))
            .build()) {
      Orchestration running = orchestrator.start(RunRequest.of("Run"));
      Held.reached(inside);
      Orchestration queued = orchestrator.start(RunRequest.of("Wait"));

      assertThatThrownBy(() -> orchestrator.start(refused))
          .asInstanceOf(InstanceOfAssertFactories.type(AdmissionRefusedException.class))
          .matches(refusal -> refusal.reason() == AdmissionRefusedException.Reason.QUEUE_FULL)
          .matches(AdmissionRefusedException::retryable);
      assertThat(orchestrator.find(RunId.of("too-many"))).isEmpty();
      assertThat(ledger.types(RunId.of("too-many"))).as("entries of a run not started").isEmpty();

      held.release();
      assertThat(Runs.result(running).status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(Runs.result(queued).status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(Runs.result(orchestrator.start(refused)).status())
          .isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void aRunThatIsStoppedWhileItWaitsGivesItsPlaceToAnother() {
    var inside = new CountDownLatch(1);
    var held = new Held();
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(1))
            .maxQueuedRuns(1)
            .team(Runs.alone(enters(inside, held)))
            .build()) {
      Orchestration running = orchestrator.start(RunRequest.of("Run"));
      Held.reached(inside);
      Orchestration queued = orchestrator.start(RunRequest.of("Wait"));

      assertThat(queued.stop("not needed any more").agents()).isEmpty();
      assertThat(Runs.result(queued).status()).isEqualTo(PipelineStatus.STOPPED);
      Orchestration next = orchestrator.start(RunRequest.of("Wait instead"));

      held.release();
      assertThat(Runs.result(running).status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(Runs.result(next).status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void thereAreNeverMoreAgentsAtWorkThanThreadsAndReplacedOnes() {
    var atWork = new AtWork();
    var held = new Held();
    AgentBody<String> works =
        ctx -> {
          atWork.enter();
          atWork.leave();
          return "done";
        };
    try (var threads = new CountedThreads();
        Orchestrator orchestrator =
            Orchestrator.builder()
                .workers(Workers.executor(threads, 4)) // of which two may be replaced
                .stopGrace(Duration.ofMillis(1))
                .build()) {
      for (int i = 0; i < 3; i++) { // the third one's thread is not replaced
        abandon(orchestrator, held, atWork);
      }
      assertThat(finished(orchestrator, works, 100)).isEqualTo(100);
      assertThat(atWork.most).as("four and the two replaced").hasValueLessThanOrEqualTo(6);

      held.release();
      threads.awaitRunning(0);
      allAtOnce(orchestrator, 4);
    }
  }

  private static void abandon(Orchestrator orchestrator, Held held, AtWork atWork) {
    var deaf = new CountDownLatch(1);
    Orchestration run =
        orchestrator.start(
            RunRequest.of("Be deaf")
                .team(
                    Runs.alone(
                        ctx -> {
                          atWork.enter();
                          deaf.countDown();
                          held.deaf();
                          atWork.leave();
                          return "late";
                        })));
    Held.reached(deaf);
    var unused = Runs.aside(() -> run.stop("enough"));
    assertThat(Runs.result(run).abandonedThreads()).isEqualTo(1);
  }

  private static long finished(Orchestrator orchestrator, AgentBody<String> body, int runs) {
    List<Orchestration> started = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      started.add(orchestrator.start(RunRequest.of("Work").team(Runs.alone(body))));
    }
    return started.stream()
        .map(Runs::result)
        .map(OrchestrationResult::status)
        .filter(PipelineStatus.COMPLETED::equals)
        .count();
  }

  /** Every permit is there again: so many agents can meet. */
  private static void allAtOnce(Orchestrator orchestrator, int threads) {
    var met = new CountDownLatch(threads);
    Team meets =
        Runs.alone(
            ctx -> {
              met.countDown();
              met.await();
              return "met";
            });
    List<Orchestration> runs = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      runs.add(orchestrator.start(RunRequest.of("Meet").team(meets)));
    }
    Held.reached(met);
    runs.forEach(run -> assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.COMPLETED));
  }

  private static AgentBody<String> enters(CountDownLatch inside, Held held) {
    return ctx -> {
      inside.countDown();
      held.politely();
      return "done";
    };
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not end, or hangs, does not hold up a stop. */
@Timeout(180)
class StopHangsTest extends Stopping {
  /** Threads that take their tasks only when the test says so. */
  private static final class LateThreads implements Executor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      lock.lock();
      try {
        waiting.add(task);
      } finally {
        lock.unlock();
      }
    }

    void begin() {
      lock.lock();
      try {
        waiting.forEach(task -> new Thread(task, "late").start());
        waiting.clear();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits whatever interrupts it. */
  private ChatModel deaf() {
    return (request, exchange) -> {
      inside.countDown();
      held.deaf();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  @Test
  void anAgentThatSwallowsItsInterruptIsTimedOutAfterFiveSeconds() {
    try (Orchestrator orchestrator = builder().model("deaf", deaf()).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      Held.reached(inside);

      CompletableFuture<StopReport> stop = Runs.aside(() -> run.stop("enough"));
      StopReport report = Runs.get(stop, time, STEP);

      assertThat(only(report)).isEqualTo(Confirmation.TIMED_OUT);
      assertThat(report.confirmed()).isFalse();
      assertThat(Duration.ofNanos(time.ticks())).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
      OrchestrationResult result = Runs.result(run);
      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.abandonedThreads()).isEqualTo(1);
      held.release();
    }
  }

  @Test
  void anAbortThatHangsHoldsUpNeitherTheStopNorADeadline() {
    var hook = new Held();
    ChatModel hanging = withAbortHook(hook::deaf);
    try (Orchestrator orchestrator = builder().model("hanging", hanging).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      hooked.acquireUninterruptibly();

      CompletableFuture<StopReport> stop = Runs.aside(() -> run.stop("enough"));
      assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(only(Runs.get(stop, time, STEP))).isEqualTo(Confirmation.TIMED_OUT);

      for (int i = 0; i < 10; i++) { // more than there are threads for decisions
        Orchestration late =
            orchestrator.start(RunRequest.of("Ask again").timeout(Duration.ofSeconds(1)));
        hooked.acquireUninterruptibly();
        assertThat(Runs.get(late.completion(), time, STEP).status())
            .isEqualTo(PipelineStatus.TIMEOUT);
      }
      hook.release();
    }
  }

  @Test
  void anAgentWhoseThreadHasNotBegunYetIsWaitedFor() {
    var threads = new LateThreads();
    var stopSeen = new CountDownLatch(1);
    try (Orchestrator orchestrator =
        builder()
            .workers(Workers.executor(threads, 4))
            .stopGrace(Runs.LONG)
            .listener(
                event -> {
                  if (event.type().equals(EventTypes.STOP_REQUESTED)) {
                    stopSeen.countDown();
                  }
                })
            .team(Runs.alone(ctx -> "never"))
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Be late"));

      CompletableFuture<StopReport> stop = Runs.aside(() -> run.stop("enough"));
      Held.reached(stopSeen);
      threads.begin();

      assertThat(only(Runs.get(stop))).isEqualTo(Confirmation.CONFIRMED);
      assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.STOPPED);
    }
  }

  static Stream<LedgerFault> faults() {
    return Stream.of(
        new LedgerFault.Unavailable(), new LedgerFault.ThrowOnAppend(), new LedgerFault.Hang());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aLedgerThatFailsOrHangsDoesNotKeepAStopFromTakingEffect(LedgerFault fault) {
    var ledger = new FaultyLedger(new MemoryLedger(), time);
    try (Orchestrator orchestrator =
        builder().ledger(ledger).model("polite", polite()).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      Held.reached(inside);
      ledger.inject(fault);

      StopReport report =
          run.stop("enough"); // time stands still: nothing here waits for the ledger

      assertThat(report.confirmed()).isTrue();
      OrchestrationResult result = Runs.get(run.completion(), time, STEP);
      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.warnings()).anyMatch(warning -> warning.contains("ledger"));
      ledger.heal();
    }
  }
}

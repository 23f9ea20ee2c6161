// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a stop reports of each agent, and that it takes effect whatever else is wrong. */
@Timeout(180)
class StopReportTest {
  private static final Duration STEP = Duration.ofMillis(100);

  private final ManualTime time = Runs.manualTime();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final Held held = new Held();
  private final Semaphore hooked = new Semaphore(0);
  private final Team asking = Runs.alone(ctx -> ctx.model().ask(Prompt.user("Is it done?")).text());

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

  private OrchestratorBuilder builder() {
    return Orchestrator.builder().time(time).workers(Workers.platform(8)).timeout(Runs.LONG);
  }

  /** Waits until it is released or interrupted. */
  private ChatModel polite() {
    return (request, exchange) -> {
      inside.countDown();
      held.politely();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  /** Waits whatever interrupts it. */
  private ChatModel deaf() {
    return (request, exchange) -> {
      inside.countDown();
      held.deaf();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  private ChatModel withAbortHook(Runnable hook) {
    return (request, exchange) -> {
      exchange.onAbort(hook);
      hooked.release();
      held.politely();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  private static Confirmation only(StopReport report) {
    assertThat(report.agents()).hasSize(1);
    return report.agents().values().iterator().next();
  }

  @Test
  void anAgentThatEndsIsConfirmed() {
    try (Orchestrator orchestrator = builder().model("polite", polite()).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      Held.reached(inside);

      StopReport report = run.stop("enough");

      assertThat(only(report)).isEqualTo(Confirmation.CONFIRMED);
      assertThat(report.confirmed()).isTrue();
      assertThat(Runs.result(run).outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
    }
  }

  /** Its agents may end before whoever stops the run has told the store. */
  @Test
  void aStopIsAnEventThoughTheRunEndsBeforeItReachesTheStore() {
    var late = new Held();
    var stopper = new AtomicReference<Thread>();
    var stores = new KeptStores(time, store -> holding(store, stopper, late));
    try (Orchestrator orchestrator =
        builder().blackboard(stores).model("polite", polite()).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      Held.reached(inside);

      CompletableFuture<StopReport> stop =
          Runs.aside(
              () -> {
                stopper.set(Thread.currentThread());
                return run.stop("enough");
              });
      OrchestrationResult result = Runs.result(run);
      late.release();

      assertThat(result.timeline())
          .filteredOn(event -> event.type().equals(EventTypes.STOP_REQUESTED))
          .singleElement()
          .satisfies(
              event -> assertThat(event.data().at("/by").orElseThrow().text()).isEqualTo("host"));
      assertThat(only(Runs.get(stop, time, STEP))).isEqualTo(Confirmation.CONFIRMED);
    }
  }

  /** A store that takes the stop of one thread only when that is released. */
  private static RunStore holding(RunStore real, AtomicReference<Thread> stopper, Held held) {
    return (RunStore)
        Proxy.newProxyInstance(
            RunStore.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (proxy, method, args) -> {
              if (args != null
                  && args[0] instanceof Command.Stop
                  && Thread.currentThread() == stopper.get()) {
                held.deaf();
              }
              return method.invoke(real, args);
            });
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
  void anAgentWhoseCallCannotBeAbortedFailed() {
    ChatModel broken =
        withAbortHook(
            () -> {
              throw new IllegalStateException("the connection is not ours");
            });
    try (Orchestrator orchestrator = builder().model("broken", broken).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      hooked.acquireUninterruptibly();

      assertThat(only(run.stop("enough"))).isEqualTo(Confirmation.FAILED);
      assertThat(Runs.result(run).abandonedThreads())
          .as("it was interrupted all the same")
          .isZero();
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
  void anAgentThatWaitsForAPersonHasNoHandler() throws Exception {
    Team writing = Runs.alone(ctx -> ctx.blackboard().put("answer", 42).key());
    try (Orchestrator orchestrator =
        builder()
            .policy(action -> Verdict.requireApproval("May it?", Duration.ofHours(1)))
            .approver(Approver.queue())
            .team(writing)
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Write"));
      assertThat(run.await().status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);

      assertThat(only(run.stop("enough"))).isEqualTo(Confirmation.NO_HANDLER);

      OrchestrationResult result = Runs.result(run);
      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.agents()).allMatch(agent -> agent.status() == AgentStatus.STOPPED);
      assertThat(orchestrator.approvals().pending()).isEmpty();
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

  @Test
  void aSecondStopFindsNothingToDo() {
    try (Orchestrator orchestrator = builder().model("polite", polite()).team(asking).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      Held.reached(inside);
      StopReport first = run.stop("enough");
      OrchestrationResult result = Runs.result(run);

      StopReport second = run.stop("and again");

      assertThat(first.agents()).hasSize(1);
      assertThat(second.agents()).isEmpty();
      assertThat(Runs.result(run)).isSameAs(result);
      assertThat(run.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
    }
  }
}

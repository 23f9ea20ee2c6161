// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
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
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.spi.RunStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stop reports of each agent, and that it takes effect whatever else is wrong. */
@Timeout(180)
class StopReportTest extends Stopping {
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

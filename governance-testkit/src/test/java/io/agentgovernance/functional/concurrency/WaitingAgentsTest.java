// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that wait for each other, and runs that wait for threads. */
@Timeout(180)
class WaitingAgentsTest {
  private static final int RUNS = 1_000;
  private static final int WAITING_ON_VIRTUAL_THREADS = 10_000;
  private static final int WAITING_ON_PLATFORM_THREADS = 20;

  @Test
  void twoAgentsThatWaitForEachOtherFinishInEveryOfAThousandRuns() {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    Team team = Runs.pair(greets("BETA", inside, most), greets("ALPHA", inside, most));
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(9))
            .mediation(Set.of())
            .team(team)
            .build()) {
      List<Orchestration> runs = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        runs.add(orchestrator.start(RunRequest.of("Greet each other").timeout(Runs.LONG)));
      }

      List<OrchestrationResult> results = runs.stream().map(Runs::result).toList();

      assertThat(results).allMatch(result -> result.status() == PipelineStatus.COMPLETED);
      assertThat(results)
          .allSatisfy(
              result -> {
                assertThat(result.agent("ALPHA").orElseThrow().output())
                    .contains(Payload.text("hello from BETA"));
                assertThat(result.agent("BETA").orElseThrow().output())
                    .contains(Payload.text("hello from ALPHA"));
                assertThat(result.abandonedThreads()).isZero();
              });
      assertThat(most).as("agents at work at once: three teams").hasValueLessThanOrEqualTo(6);
      threeRunsAtOnceAndNoMore(orchestrator);
    }
  }

  private static AgentBody<String> greets(
      String partner, AtomicInteger inside, AtomicInteger most) {
    return ctx -> {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      try {
        ctx.send(partner, "hello from " + ctx.role().name());
        return ctx.receiveFrom(partner, Runs.LONG).orElseThrow().content().text();
      } finally {
        inside.decrementAndGet();
      }
    };
  }

  /** All nine permits are there again, and not one more. */
  private static void threeRunsAtOnceAndNoMore(Orchestrator orchestrator) {
    var entered = new CountDownLatch(6);
    var held = new Held();
    Team holding = Runs.pair(enters(entered, held), enters(entered, held));
    List<Orchestration> runs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      runs.add(orchestrator.start(RunRequest.of("Hold the threads").team(holding)));
    }
    Held.reached(entered);
    var next = orchestrator.start(RunRequest.of("Wait for threads"));
    assertThat(eventsOf(next)).as("events of a run that is not admitted").isZero();
    held.release();
    runs.forEach(run -> assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.COMPLETED));
    assertThat(Runs.result(next).status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  private static long eventsOf(Orchestration run) {
    try (EventStream events = run.events(0)) {
      return events.next(Duration.ZERO).stream().count();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static AgentBody<String> enters(CountDownLatch entered, Held held) {
    return ctx -> {
      entered.countDown();
      held.politely();
      return "held";
    };
  }

  @Test
  void runsAreAdmittedInTheOrderTheyWereStarted() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    var held = new Held();
    Team team =
        Runs.pair(
            ctx -> {
              held.politely();
              order.add(ctx.objective());
              return "";
            },
            ctx -> "");
    List<String> started = new ArrayList<>();
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(3))
            .mediation(Set.of())
            .team(team)
            .build()) {
      List<Orchestration> runs = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        started.add("run number " + i);
        runs.add(orchestrator.start(RunRequest.of("run number " + i).timeout(Runs.LONG)));
      }
      held.release();
      runs.forEach(Runs::result);
    }

    assertThat(order).isEqualTo(started);
  }

  @Test
  void asManyRunsAsThereAreThreadsForWaitOnASlowModelAtOnce() {
    Workers workers = Workers.virtualIfAvailable();
    int runs =
        workers.kind() == Workers.Kind.VIRTUAL
            ? WAITING_ON_VIRTUAL_THREADS
            : WAITING_ON_PLATFORM_THREADS;
    var waiting = new CountDownLatch(runs);
    var held = new Held();
    ChatModel slow =
        (request, exchange) -> {
          waiting.countDown();
          held.politely();
          return ChatReply.of("at last", Usage.of(1, 1), request.model());
        };
    Team team =
        Runs.pair(
            WaitingAgentsTest::asks, ctx -> ctx.awaitOutput("ALPHA", String.class) + ", indeed");
    List<Orchestration> started = new ArrayList<>();
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(workers)
            .model("slow", slow)
            .callTimeout(Runs.LONG)
            .mediation(Set.of())
            .team(team)
            .build()) {
      for (int i = 0; i < runs; i++) {
        started.add(orchestrator.start(RunRequest.of("Ask").timeout(Runs.LONG)));
      }
      Held.reached(waiting);
      assertThat(started).noneMatch(run -> run.completion().isDone());

      held.release();

      assertThat(started)
          .allSatisfy(
              run -> {
                OrchestrationResult result = Runs.result(run);
                assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
                assertThat(result.agent("BETA").orElseThrow().output())
                    .contains(Payload.text("at last, indeed"));
                assertThat(result.usage().calls()).isEqualTo(1);
              });
    }
  }

  private static String asks(AgentContext ctx) {
    return ctx.model().ask(Prompt.user("Is it done?")).text();
  }
}

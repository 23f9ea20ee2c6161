// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.ModelAccess;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolAccess;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Blackboard;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A context belongs to one body, on its own thread, for as long as that body runs. */
@Timeout(180)
class ContextConfinementTest {
  private final KeptStores stores = new KeptStores(TimeSource.system());
  private final MemoryCheckpointStore checkpoints = new MemoryCheckpointStore();

  private Orchestrator orchestrator(Team team) {
    return Orchestrator.builder()
        .workers(Workers.platform(4))
        .blackboard(stores)
        .checkpoints(checkpoints)
        .model("local:")
        .team(team)
        .build();
  }

  /** Everything an agent can do, also through what it got from its context earlier. */
  private static Map<String, ThrowingCallable> calls(AgentContext ctx) {
    ModelAccess model = ctx.model();
    ToolAccess tools = ctx.tools();
    Blackboard blackboard = ctx.blackboard();
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("ask", () -> model.ask(Prompt.user("Hello")));
    calls.put("call", () -> tools.call("any", Map.of()));
    calls.put("put", () -> blackboard.put("key", 1));
    calls.put("get", () -> blackboard.get("key"));
    calls.put("entries", () -> blackboard.entries(""));
    calls.put("send", () -> ctx.send("solo", "hello"));
    calls.put("broadcast", () -> ctx.broadcast("hello"));
    calls.put("receive", () -> ctx.receive(Duration.ZERO));
    calls.put("awaitOutput", () -> ctx.awaitOutput("solo", String.class));
    calls.put("partners", ctx::partners);
    calls.put("propose", () -> ctx.propose("this"));
    calls.put("proposals", ctx::proposals);
    calls.put("accepted", ctx::accepted);
    calls.put("awaitChange", () -> ctx.awaitChange(List.of(), Duration.ZERO));
    calls.put("solve", () -> ctx.solve("this"));
    calls.put("solution", ctx::solution);
    calls.put("handoffs", ctx::handoffs);
    calls.put("notices", ctx::notices);
    calls.put("output", () -> ctx.output(AgentPhase.PLAN));
    calls.put("step", () -> ctx.step("name", String.class, () -> "done"));
    calls.put("now", ctx::now);
    calls.put("random", ctx::random);
    calls.put("remaining", ctx::remaining);
    calls.put("heartbeat", ctx::heartbeat);
    return calls;
  }

  private static Map<String, Throwable> thrownBy(Map<String, ThrowingCallable> calls) {
    Map<String, Throwable> thrown = new LinkedHashMap<>();
    calls.forEach((name, call) -> thrown.put(name, catchThrowable(call)));
    return thrown;
  }

  private static void allRefused(Map<String, Throwable> thrown) {
    assertThat(thrown).hasSize(24);
    assertThat(thrown)
        .allSatisfy(
            (name, error) -> assertThat(error).as(name).isInstanceOf(IllegalStateException.class));
  }

  @Test
  void callsFromAThreadTheBodyStartedAreRefused() {
    Map<String, Throwable> thrown = new LinkedHashMap<>();
    Team team =
        Runs.alone(
            ctx -> {
              thrown.putAll(Runs.get(Runs.aside(() -> thrownBy(calls(ctx)))));
              return "";
            });
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Use threads");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      allRefused(thrown);
      assertThat(stores.of(result.run()).entries("")).isEmpty();
      assertThat(stores.of(result.run()).proposals()).isEmpty();
      assertThat(result.agents().get(0).errors()).isZero();
    }
  }

  @Test
  void callsOnTheContextOfAnotherAgentAreRefused() {
    var lent = new CompletableFuture<AgentContext>();
    var used = new CompletableFuture<Map<String, Throwable>>();
    Team team =
        Runs.pair(
                ctx -> {
                  lent.complete(ctx);
                  allRefused(Runs.get(used));
                  return "";
                },
                ctx -> {
                  used.complete(thrownBy(calls(Runs.get(lent))));
                  return "";
                })
            .withoutMediator();
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Lend a context");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(stores.of(result.run()).entries("")).isEmpty();
    }
  }

  @Test
  void callsAfterTheBodyHasEndedAreRefusedInALaterPhaseOfTheSameThreadToo() {
    var kept = new CompletableFuture<AgentContext>();
    var later = new CompletableFuture<Map<String, Throwable>>();
    Team team =
        Team.of(
                DecisionRule.collect(),
                Agent.of(
                        "solo",
                        ctx -> {
                          kept.complete(ctx);
                          return "kept";
                        })
                    .on(
                        AgentPhase.VERIFY,
                        ctx -> {
                          later.complete(thrownBy(calls(Runs.get(kept))));
                          return ctx.step("own", String.class, () -> "own");
                        }))
            .withoutMediator();
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Keep a context");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      allRefused(Runs.get(later));
      allRefused(thrownBy(calls(Runs.get(kept))));
      assertThat(journal(result))
          .extracting(entry -> entry.phase() + " " + entry.ordinal() + " " + entry.kind())
          .containsExactly("VERIFY 1 step");
    }
  }

  @Test
  void callsInsideAStepAreRefusedAndNotRecorded() {
    Map<String, Throwable> thrown = new LinkedHashMap<>();
    Team team =
        Runs.alone(
            ctx -> {
              String own =
                  ctx.step(
                      "count",
                      String.class,
                      () -> {
                        thrown.putAll(thrownBy(calls(ctx)));
                        return "counted";
                      });
              ctx.now();
              return own;
            });
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Call within a step");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      allRefused(thrown);
      assertThat(thrown.get("now"))
          .hasMessageContaining("inside the step 'count'")
          .hasMessageContaining("before the step");
      assertThat(journal(result))
          .extracting(entry -> entry.phase() + " " + entry.ordinal() + " " + entry.kind())
          .containsExactly("EXECUTE 1 step", "EXECUTE 2 now");
    }
  }

  @Test
  void aStepThatFailedLeavesTheContextUsable() {
    Team team =
        Runs.alone(
            ctx -> {
              Throwable failed =
                  catchThrowable(
                      () ->
                          ctx.step(
                              "fail",
                              String.class,
                              () -> {
                                throw new IllegalArgumentException("no");
                              }));
              assertThat(failed).isInstanceOf(IllegalArgumentException.class);
              return ctx.now().toString();
            });
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Fail in a step");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void theJournalsOfTwoPhasesDoNotMix() {
    Team team =
        Team.of(
                DecisionRule.collect(),
                Agent.of(
                        "solo",
                        ctx -> {
                          ctx.blackboard().put("key", 1);
                          ctx.now();
                          return "executed";
                        })
                    .on(
                        AgentPhase.PLAN,
                        ctx -> {
                          ctx.now();
                          return ctx.step("plan", String.class, () -> "planned");
                        })
                    .on(AgentPhase.REPORT, ctx -> ctx.blackboard().get("key").isPresent()))
            .withoutMediator();
    try (Orchestrator orchestrator = orchestrator(team)) {
      OrchestrationResult result = orchestrator.run("Work in three phases");

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(journal(result))
          .extracting(entry -> entry.phase() + " " + entry.ordinal() + " " + entry.kind())
          .containsExactly(
              "PLAN 1 now", "PLAN 2 step", "EXECUTE 1 put", "EXECUTE 2 now", "REPORT 1 get");
    }
  }

  private List<JournalEntry> journal(OrchestrationResult result) {
    return checkpoints.read(result.run(), 0, 10_000).stream()
        .filter(Delta.Journaled.class::isInstance)
        .map(delta -> ((Delta.Journaled) delta).entry())
        .toList();
  }

  @Test
  void aContextIsRefusedToWhoeverKeepsItAfterTheRun() {
    var kept = new CompletableFuture<AgentContext>();
    Team team =
        Runs.alone(
            ctx -> {
              kept.complete(ctx);
              return "";
            });
    try (Orchestrator orchestrator = orchestrator(team)) {
      Orchestration run = orchestrator.start(RunRequest.of("Keep a context"));
      Runs.result(run);

      allRefused(thrownBy(calls(Runs.get(kept))));
    }
  }
}

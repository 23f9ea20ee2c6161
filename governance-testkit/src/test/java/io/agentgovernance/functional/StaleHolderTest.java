// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that was taken for dead goes on after its run was taken over: nothing of it counts. */
class StaleHolderTest {
  private final RecordedCheckpoints store = new RecordedCheckpoints(Durability.DURABLE);
  private final World stale = new World();
  private final World holder = new World();
  private final CountDownLatch atIt = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @ParameterizedTest
  @ValueSource(strings = {"put", "send", "propose", "model", "tool", "end"})
  void whatItStillDoesIsRefusedByTheSharedStore(String kind) {
    Coordination shared = Backends.coordination(TimeSource.system());

    OrchestrationResult result = takenOver(kind, shared, shared);

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.code()).isIn("LEASE_LOST", "STALE_EPOCH"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"put", "send", "propose", "model", "tool", "end"})
  void whatItStillDoesInItsOwnMemoryIsNotRemembered(String kind) {
    OrchestrationResult result =
        takenOver(
            kind,
            Backends.coordination(TimeSource.system()),
            Backends.coordination(TimeSource.system()));

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("STALE_EPOCH"));
    assertThat(result.solution()).isEmpty();
  }

  /** The result of the process that was taken for dead. */
  private OrchestrationResult takenOver(String kind, Coordination first, Coordination second) {
    var ledger = new KeptLedger();
    try (var old = working(stale, actions().get(kind)).blackboard(first).ledger(ledger).build();
        var other = working(holder, ctx -> "done").blackboard(second).ledger(ledger).build()) {
      Orchestration run = old.start(RunRequest.of("Reach something"));
      await(atIt);
      store.release(run.id(), store.epoch(run.id())); // as its lock ends with a process
      Orchestration taken = other.resume(run.id());
      OrchestrationResult result = ended(taken);
      Left before = Left.of(store, run.id());

      release.countDown();
      OrchestrationResult gone = ended(run);

      assertThat(result.solution()).contains(Payload.text("re: well? done"));
      assertThat(result.warnings()).isEmpty();
      assertThat(stale.calls()).as("nothing after the take-over").hasSize(1);
      assertThat(stale.transfers()).isEmpty();
      assertThat(Left.of(store, run.id())).isEqualTo(before);
      assertThat(store.epoch(run.id())).isEqualTo(2);
      assertThat(other.resume(run.id()).completion().join().outcome()).isEqualTo(result.outcome());
      long notMade =
          ledger.entries(LedgerTypes.OUTCOME).stream()
              .filter(e -> e.body().at("/result").map(Payload::text).orElse("").equals("NOT_MADE"))
              .count();
      assertThat(ledger.entries(LedgerTypes.INTENT).size() - notMade)
          .as("calls that were meant and made")
          .isEqualTo(1);
      return gone;
    }
  }

  @Test
  void aStaleHolderDoesNotTakeTheStateOfItsSuccessorAway() {
    Coordination shared = Backends.coordination(TimeSource.system());
    var second = new CountDownLatch(1);
    try (var old = working(stale, ctx -> "late").blackboard(shared).build();
        var other =
            working(
                    holder,
                    ctx -> {
                      await(second);
                      return "done";
                    })
                .blackboard(shared)
                .build()) {
      Orchestration run = old.start(RunRequest.of("Reach something"));
      await(atIt);
      store.release(run.id(), store.epoch(run.id()));
      Orchestration taken = other.resume(run.id());

      release.countDown();
      assertThat(ended(run).status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);

      assertThat(shared.attach(run.id())).as("it is the successor's now").isPresent();
      second.countDown();
      assertThat(ended(taken).solution()).contains(Payload.text("re: well? done"));
      assertThat(shared.attach(run.id())).isEmpty();
    }
  }

  @Test
  void withoutATakeOverAllOfItCounts() {
    release.countDown();
    try (var old = working(stale, actions().get("tool")).build()) {
      OrchestrationResult result = ended(old.start(RunRequest.of("Reach something")));

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(stale.calls()).hasSize(2);
    }
  }

  private static Map<String, AgentBody<String>> actions() {
    return Map.of(
        "put", ctx -> "" + ctx.blackboard().put("late", "late").version(),
        "send", ctx -> ctx.broadcast("late").id(),
        "propose", ctx -> ctx.propose("late").id(),
        "model", ctx -> ctx.model().ask(Prompt.user("late")).text(),
        "tool", ctx -> ctx.tools().call("book", new Account("late")).text(),
        "end", ctx -> "late");
  }

  private OrchestratorBuilder working(World world, AgentBody<String> then) {
    return Orchestrator.builder()
        .checkpoints(store)
        .model("m", world.model())
        .tools(world.book(), world.transfer())
        .team(
            Processes.only(
                ctx -> {
                  String reply = ctx.model().ask(Prompt.user("well?")).text();
                  if (world == stale) {
                    atIt.countDown();
                    awaitStubbornly();
                  }
                  return reply + " " + then.run(ctx);
                },
                "book",
                "transfer"));
  }

  private void awaitStubbornly() {
    while (release.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }
}

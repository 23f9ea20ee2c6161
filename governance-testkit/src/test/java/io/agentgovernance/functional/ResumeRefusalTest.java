// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.ResumeRefusedException.Reason;
import io.agentgovernance.RunRequest;
import io.agentgovernance.UnfinishedRun;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who may not resume a run is told why, and has changed nothing. */
class ResumeRefusalTest {
  private final World dead = new World();
  private final World alive = new World();

  @Test
  void aRunThatNobodyKnows() {
    try (var orchestrator = asking(alive, "well?").build()) {
      refused(orchestrator, RunId.of("no-such-run"), Reason.UNKNOWN_RUN);
    }
  }

  @Test
  void aTeamThatChanged() {
    Left left = beforeTheCall(asking(dead, "well?"));

    unchanged(
        left,
        asking(alive, "well?").team(Processes.only(ctx -> "other", "balance")).tools(tool()),
        Reason.DEFINITION_CHANGED);
  }

  @Test
  void aSuccessorOfAnotherVersion() {
    Left left = successorAtWork();

    unchanged(left, succeeding(alive, "2"), Reason.VERSION_CHANGED);
    assertThat(Processes.resume(left, succeeding(alive, "1")).status())
        .isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aSuccessorThatNobodyMakesAnyMore() {
    unchanged(
        successorAtWork(),
        succeeding(alive, "1").successors((a, b) -> none()),
        Reason.UNKNOWN_AGENT);
  }

  private static Optional<Agent> none() {
    return Optional.empty();
  }

  private Left successorAtWork() {
    return Processes.ended(succeeding(dead, "1"))
        .upTo(Processes.command(Command.ClaimHandoff.class));
  }

  private static OrchestratorBuilder succeeding(World world, String version) {
    return Orchestrator.builder()
        .model("m", world.model())
        .team(
            Processes.only(
                ctx -> {
                  throw Mishap.lasting("no strength left");
                }))
        .successors(
            (failed, handoff) ->
                Optional.of(
                    Agent.of("one", ctx -> ctx.model().ask(Prompt.user("now?")).text())
                        .version(version)));
  }

  @Test
  void aRunThatGoesOnHereOrElsewhere() {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    var release = new CountDownLatch(1);
    try (var here = waiting(release).checkpoints(store).build();
        var elsewhere = waiting(release).checkpoints(store).build()) {
      Orchestration run = here.start(RunRequest.of("Reach something"));
      long epoch = store.epoch(run.id());

      refused(here, run.id(), Reason.BUSY);
      refused(elsewhere, run.id(), Reason.BUSY);

      assertThat(store.epoch(run.id())).isEqualTo(epoch);
      assertThat(elsewhere.unfinished(10)).extracting(UnfinishedRun::held).containsExactly(true);
      release.countDown();
      assertThat(run.completion().orTimeout(20, TimeUnit.SECONDS).join().status())
          .isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void ofManyThatResumeAtOnceOneWins() throws Exception {
    var first = new CountDownLatch(0);
    Left left = Processes.ended(waiting(first)).upTo(Processes.command(Command.Spawn.class));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    try {
      for (int repetition = 0; repetition < 100; repetition++) {
        onceOf(left, threads);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void onceOf(Left left, ExecutorService threads) throws Exception {
    var release = new CountDownLatch(1);
    CheckpointStore store = left.store();
    var barrier = new CyclicBarrier(16);
    Queue<Orchestration> won = new ConcurrentLinkedQueue<>();
    Queue<Reason> lost = new ConcurrentLinkedQueue<>();
    try (var one = waiting(release).checkpoints(store).build();
        var other = waiting(release).checkpoints(store).build()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Orchestrator mine = i % 2 == 0 ? one : other;
        all.add(
            threads.submit(
                () -> {
                  barrier.await(20, TimeUnit.SECONDS);
                  try {
                    won.add(mine.resume(left.run()));
                  } catch (ResumeRefusedException e) {
                    lost.add(e.reason());
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
      assertThat(won).hasSize(1);
      assertThat(lost).hasSize(15).containsOnly(Reason.BUSY);
      release.countDown();
      OrchestrationResult result =
          won.element().completion().orTimeout(20, TimeUnit.SECONDS).join();
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.warnings()).isEmpty();
    }
  }

  @Test
  void checkpointsThatDoNotFitTogether() {
    Left whole = beforeTheCall(asking(dead, "well?"));
    unreadable(new Left(whole.run(), whole.deltas().subList(1, whole.deltas().size()), List.of()));
    unreadable(whole.without(Processes.command(Command.Spawn.class)));
    List<Delta> forked = new ArrayList<>(whole.deltas());
    forked.add(
        new Delta.Changed(1, Scenes.START, new Command.Note(null, "another", Payload.empty())));
    unreadable(new Left(whole.run(), forked, List.of()));
    List<Delta> gap = new ArrayList<>(whole.deltas());
    gap.removeIf(delta -> delta instanceof Delta.Changed changed && changed.sequence() == 2);
    unreadable(new Left(whole.run(), gap, List.of()));
  }

  private void unreadable(Left damaged) {
    CheckpointStore store = damaged.store();
    long epoch = store.epoch(damaged.run());
    try (var orchestrator = asking(alive, "well?").checkpoints(store).build()) {
      assertThatThrownBy(() -> orchestrator.resume(damaged.run()))
          .isInstanceOf(CheckpointUnreadableException.class)
          .hasMessageContaining(damaged.run().value());
      assertThat(orchestrator.find(damaged.run())).isEmpty();
    }
    assertThat(store.epoch(damaged.run())).isEqualTo(epoch);
    assertThat(store.held(damaged.run())).isFalse();
    assertThat(alive.calls()).isEmpty();
  }

  @Test
  void aBodyThatAsksForSomethingElse() {
    Left left = Processes.ended(asking(dead, "well?")).upTo(Processes.journaled("model"));

    OrchestrationResult result = Processes.resume(left, asking(alive, "really?"));

    assertThat(alive.calls()).as("never a silent second payment").isEmpty();
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.FAILED);
    assertThat(result.agents().get(0).failure()).contains("deterministic");
    assertThat(Processes.resume(left, asking(alive, "well?")).status())
        .as("the same question goes on")
        .isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aLedgerThatDoesNotTakeTheTakeOver() {
    Left left = beforeTheCall(asking(dead, "well?"));
    CheckpointStore store = left.store();
    var closed = new KeptLedger();
    closed.close();
    try (var orchestrator = asking(alive, "well?").checkpoints(store).ledger(closed).build()) {
      assertThatThrownBy(() -> orchestrator.resume(left.run()))
          .isInstanceOf(LedgerUnavailableException.class);
      assertThat(orchestrator.find(left.run())).isEmpty();
    }
    assertThat(store.held(left.run())).isFalse();
    assertThat(store.unfinished(10)).containsExactly(left.run());
    try (var orchestrator = asking(alive, "well?").checkpoints(store).build()) {
      OrchestrationResult result =
          orchestrator.resume(left.run()).completion().orTimeout(20, TimeUnit.SECONDS).join();
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  private static Left beforeTheCall(OrchestratorBuilder builder) {
    return Processes.ended(builder).before(Processes.begun());
  }

  private void unchanged(Left left, OrchestratorBuilder builder, Reason reason) {
    CheckpointStore store = left.store();
    long epoch = store.epoch(left.run());
    KeptLedger ledger = new KeptLedger();
    try (var orchestrator = builder.checkpoints(store).ledger(ledger).build()) {
      refused(orchestrator, left.run(), reason);
      assertThat(orchestrator.find(left.run())).isEmpty();
      assertThat(orchestrator.unfinished(10))
          .extracting(UnfinishedRun::run)
          .containsExactly(left.run());
    }
    assertThat(store.epoch(left.run())).isEqualTo(epoch);
    assertThat(store.held(left.run())).isFalse();
    assertThat(Left.of(store, left.run()).deltas()).isEqualTo(left.deltas());
    assertThat(ledger.entries()).isEmpty();
    assertThat(alive.calls()).isEmpty();
  }

  private static void refused(Orchestrator orchestrator, RunId run, Reason reason) {
    assertThatThrownBy(() -> orchestrator.resume(run))
        .isInstanceOfSatisfying(
            ResumeRefusedException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.run()).isEqualTo(run);
              assertThat(refused.retryable()).isEqualTo(reason == Reason.BUSY);
            });
  }

  private Tool tool() {
    return alive.balance();
  }

  private static OrchestratorBuilder asking(World world, String question) {
    AgentBody<String> body = ctx -> ctx.model().ask(Prompt.user(question)).text();
    return Orchestrator.builder().model("m", world.model()).team(Processes.only(body));
  }

  private static OrchestratorBuilder waiting(CountDownLatch release) {
    return Orchestrator.builder()
        .team(
            Processes.only(
                ctx -> {
                  release.await();
                  return "done";
                }));
  }
}

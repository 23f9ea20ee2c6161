// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Facts about runs: made once, found again, ended once, stopped at once. */
interface RunFacts extends CoordinationFacts {

  @Test
  default void createsARunOfAnIdOnce() {
    var terms = LiveRun.terms(RunId.random(), LiveRun.AMPLE);

    List<Optional<RunStore>> created = Together.run(16, i -> coordination().create(terms));

    assertThat(created).filteredOn(Optional::isPresent).hasSize(1);
    assertThat(coordination().create(terms)).isEmpty();
  }

  @Test
  default void attachesToARunWithItsTermsAndState() {
    LiveRun run = run();
    Actor actor = run.agent("alpha");
    actor.ok(actor.write("w1", "key"));

    RunStore attached = coordination().attach(run.id).orElseThrow();

    assertThat(attached.terms()).isEqualTo(run.store.terms());
    assertThat(attached.entry("key")).isEqualTo(run.store.entry("key")).isPresent();
    assertThat(attached.agents()).isEqualTo(run.store.agents()).hasSize(1);
  }

  @Test
  default void attachesToNothingIfThereIsNoSuchRun() {
    assertThat(coordination().attach(RunId.random())).isEmpty();
  }

  @Test
  default void releasesRunsThatAreThereAndRunsThatAreNot() {
    LiveRun run = run();
    LiveRun other = run();
    run.status(PipelineStatus.COMPLETED);

    coordination().release(run.id);
    coordination().release(run.id);
    coordination().release(RunId.random());

    assertThat(coordination().attach(other.id)).isPresent();
  }

  @Test
  default void keepsRunsApart() {
    LiveRun one = run();
    LiveRun two = run();
    Actor actor = one.agent("alpha");
    actor.ok(actor.write("w1", "key"));

    two.stop();

    assertThat(two.store.entry("key")).isEmpty();
    assertThat(two.store.agents()).isEmpty();
    assertThat(one.store.stopped()).isFalse();
  }

  @Test
  default void hasALeaseTimeAndClosesTwice() {
    assertThat(coordination().leaseTtl()).isPositive();

    coordination().close();
    coordination().close();
  }

  @Test
  default void setsTheStatusAndRepeatsItOnce() {
    LiveRun run = run();

    Applied<PipelineStatus> first = run.status(PipelineStatus.AWAITING_APPROVAL);
    Applied<PipelineStatus> again = run.status(PipelineStatus.AWAITING_APPROVAL);

    assertThat(first).isEqualTo(Applied.ok(1, PipelineStatus.AWAITING_APPROVAL));
    assertThat(again).isEqualTo(Applied.dup(0, PipelineStatus.AWAITING_APPROVAL));
    assertThat(run.store.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
  }

  @Test
  default void keepsTheFirstTerminalStatusOf64AtOnce() {
    List<PipelineStatus> terminal =
        List.of(PipelineStatus.values()).stream().filter(PipelineStatus::isTerminal).toList();
    LiveRun run = run();
    List<Applied<PipelineStatus>> answers = new ArrayList<>();

    List<Change> changes =
        changes(
            run.store,
            () ->
                answers.addAll(
                    Together.run(64, i -> run.status(terminal.get(i % terminal.size())))));

    PipelineStatus winner = run.store.status();
    assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
    for (int i = 0; i < answers.size(); i++) {
      Applied<PipelineStatus> answer = answers.get(i);
      if (terminal.get(i % terminal.size()) == winner) {
        assertThat(answer.orThrow()).isEqualTo(winner);
      } else {
        assertRefused(answer, Status.CONFLICT, "ENDED");
      }
    }
    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).effects())
        .containsExactly(new Effect.StatusChanged(PipelineStatus.ORCHESTRATING, winner));
    assertThat(run.store.stopped()).isTrue();
  }

  @Test
  default void stopsOnce() {
    LiveRun run = run();

    assertStatus(run.stop()).isEqualTo(Status.OK);
    assertStatus(run.stop()).isEqualTo(Status.DUP);

    assertThat(run.store.stopped()).isTrue();
    assertStatus(run.status(PipelineStatus.STOPPED)).isEqualTo(Status.OK);
    assertRefused(run.stop(), Status.CONFLICT, "ENDED");
  }

  @Test
  default void refusesACoordinatorWithAStaleLease() {
    LiveRun run = run();
    Command.Spawn spawn = run.spawn("alpha", ErrorBudget.DEFAULT, null, null);
    run.store.acquire(Lease.COORDINATOR, "test", LiveRun.TTL);

    List<Applied<?>> answers = new ArrayList<>();
    List<Change> changes =
        changes(
            run.store,
            () -> {
              answers.add(run.status(PipelineStatus.COMPLETED));
              answers.add(run.store.apply(spawn));
              answers.add(run.store.apply(new Command.GiveUpHandoff(run.lead.token(), "h")));
            });

    assertThat(answers).extracting(Applied::status).containsOnly(Status.FENCED);
    assertThat(changes).isEmpty();
    assertThat(run.store.agents()).isEmpty();
    assertThat(run.store.status()).isEqualTo(PipelineStatus.ORCHESTRATING);
  }

  @Test
  default void refusesACoordinatorWithoutALease() {
    LiveRun run = run();
    run.store.release(run.lead);

    assertStatus(run.status(PipelineStatus.COMPLETED)).isEqualTo(Status.FENCED);
    assertStatus(
            run.store.apply(new Command.SetStatus(0, PipelineStatus.COMPLETED, Payload.empty())))
        .as("0 is nobody's token")
        .isEqualTo(Status.FENCED);
  }

  @Test
  default void spawnsAnAgentOnce() {
    LiveRun run = run();
    Command.Spawn spawn = run.spawn("alpha", ErrorBudget.DEFAULT, null, null);

    List<Applied<?>> answers = Together.run(16, i -> run.store.apply(spawn));

    assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
    assertThat(answers).filteredOn(a -> a.status() == Status.DUP).hasSize(15);
    assertThat(run.store.agents()).hasSize(1);
    assertThat(run.store.agents().get(0).role()).isEqualTo(spawn.role());
  }

  @Test
  default void spawnsNobodyAfterAStop() {
    LiveRun run = run();
    run.stop();

    var answer = run.store.apply(run.spawn("alpha", ErrorBudget.DEFAULT, null, null));

    assertStatus(answer).isEqualTo(Status.STOPPED);
    assertThat(run.store.agents()).isEmpty();
  }

  @Test
  default void boundsTheAgents() {
    LiveRun run = run();
    Applied<?> answer = Applied.ok(1, null);

    for (int i = 0; i < 1_000 && answer.accepted(); i++) {
      answer = run.store.apply(run.spawn("agent" + i, ErrorBudget.DEFAULT, null, null));
    }

    assertRefused(answer, Status.CONFLICT, "LIMIT");
  }

  @Test
  default void announcesANoteAndChangesNothing() {
    LiveRun run = run();
    var note = new Command.Note(null, "circuit_state", Payload.text("open"));

    List<Change> changes = changes(run.store, () -> run.store.apply(note));

    assertThat(changes).extracting(Change::command).containsExactly(note);
  }
}

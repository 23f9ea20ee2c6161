// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Facts about runs that are made again: the same state, a new epoch, nobody of the old one acts.
 */
interface RestoreFacts extends CoordinationFacts {

  /** A run with some of everything, and every change of it. */
  record Eventful(LiveRun run, Actor author, List<Change> changes) {
    static Eventful in(LiveRun run) {
      Actor[] author = new Actor[1];
      List<Change> changes = CoordinationFacts.changes(run.store, () -> author[0] = happen(run));
      return new Eventful(run, author[0], changes);
    }

    private static Actor happen(LiveRun run) {
      Actor author = run.agreeing();
      author.ok(author.enter(AgentPhase.BOOTSTRAP));
      author.ok(author.finish(AgentPhase.BOOTSTRAP));
      author.ok(author.write("w1", "key"));
      author.ok(author.write("w2", "other"));
      author.ok(author.send("m1", null));
      author.ok(author.reserve("r1", 100, "1.00"));
      author.ok(author.settle("r1", 10, 20, "0.30"));
      author.ok(author.reserve("r2", 100, "1.00"));
      Actor revoked = run.agent("revoked");
      revoked.ok(revoked.error("e1", "s"));
      revoked.revoke();
      return author;
    }
  }

  private RunStore restored(Eventful eventful, long epoch) {
    return coordination().restore(eventful.run().store.terms(), epoch, eventful.changes());
  }

  @Test
  default void restoresTheStateThatTheChangesMade() {
    Eventful before = Eventful.in(run());
    RunStore old = before.run().store;

    RunStore store = restored(before, 3);

    assertThat(store.terms()).isEqualTo(old.terms());
    assertThat(store.status()).isEqualTo(old.status());
    assertThat(store.agents()).isEqualTo(old.agents()).hasSize(3);
    assertThat(store.entries("")).isEqualTo(old.entries("")).hasSize(2);
    assertThat(store.messages(before.author().id, 0, 10))
        .isEqualTo(old.messages(before.author().id, 0, 10));
    assertThat(store.proposals()).isEqualTo(old.proposals()).hasSize(1);
    assertThat(store.accepted()).isEqualTo(old.accepted()).isPresent();
    assertThat(store.handoffs()).isEqualTo(old.handoffs()).hasSize(1);
    assertThat(store.spend()).isEqualTo(old.spend());
    assertThat(coordination().attach(before.run().id).orElseThrow().agents())
        .isEqualTo(old.agents());
  }

  @Test
  default void restoresARunThatIsNotThere() {
    var terms = LiveRun.terms(RunId.random(), LiveRun.AMPLE);
    Eventful other = Eventful.in(run());
    List<Change> note =
        List.of(
            new Change(
                1, LiveRun.START, new Command.Note(null, "a", Payload.empty()), null, List.of()));

    assertThat(coordination().restore(terms, 1, List.of()).agents()).isEmpty();
    RunStore store = coordination().restore(terms, 2, note);

    assertThat(store.apply(new Command.Note(null, "b", Payload.empty())).sequence()).isEqualTo(2);
    assertThat(other.run().store.agents()).hasSize(3);
  }

  @Test
  default void nobodyHoldsALeaseOfARestoredRun() {
    Eventful before = Eventful.in(run());

    RunStore store = restored(before, 3);

    assertThat(store.holds(Lease.COORDINATOR, before.run().lead.token())).isFalse();
    assertThat(store.renew(before.run().lead)).isFalse();
    assertThat(store.holds(before.author().id.value(), before.author().lease.token())).isFalse();
    assertThat(store.acquire(Lease.COORDINATOR, "another", LiveRun.TTL)).isPresent();
    assertStatus(store.apply(before.author().write("w9", "key"))).isEqualTo(Status.FENCED);
  }

  @Test
  default void grantsTokensAboveThoseOfEarlierEpochs() {
    Eventful before = Eventful.in(run());
    long highest = before.run().lead.token();
    for (int i = 0; i < 50; i++) {
      highest = before.run().store.acquire("resource", "test", LiveRun.TTL).orElseThrow().token();
    }

    Lease second = restored(before, 3).acquire("resource", "test", LiveRun.TTL).orElseThrow();
    Lease third = restored(before, 4).acquire("resource", "test", LiveRun.TTL).orElseThrow();

    assertThat(second.token()).isGreaterThan(highest);
    assertThat(third.token()).isGreaterThan(second.token());
  }

  @Test
  default void letsNobodyActOnTheStoreThatWasReplaced() {
    Eventful before = Eventful.in(run());
    RunStore old = before.run().store;

    RunStore store = restored(before, 3);

    Actor author = before.author();
    assertRefused(old.apply(author.write("w9", "key")), Status.FENCED, "SUPERSEDED");
    assertRefused(
        old.apply(
            new Command.SetStatus(
                before.run().lead.token(), PipelineStatus.COMPLETED, Payload.empty())),
        Status.FENCED,
        "SUPERSEDED");
    assertRefused(old.apply(new Command.Stop("Kim", "enough")), Status.FENCED, "SUPERSEDED");
    assertThat(old.acquire("resource", "test", LiveRun.TTL)).isEmpty();
    assertThat(old.renew(author.lease)).isFalse();
    assertThat(old.holds(author.id.value(), author.lease.token())).isFalse();
    old.release(author.lease);
    assertThat(store.stopped()).isFalse();
    assertThat(store.entries("")).hasSize(2);
  }

  @Test
  default void goesOnWhereTheChangesEndAndAnnouncesNoneOfThemAgain() {
    Eventful before = Eventful.in(run());
    RunStore store = restored(before, 3);
    LiveRun run = new LiveRun(store);
    Actor author = new Actor(run, before.author().id);

    List<Change> changes =
        changes(
            store,
            () -> {
              author.ok(author.write("w8", "key"));
              author.ok(author.send("m2", null));
            });

    long last = before.changes().get(before.changes().size() - 1).sequence();
    assertThat(changes).extracting(Change::sequence).containsExactly(last + 1, last + 2);
    assertStatus(author.does(author.write("w1", "key"))).isEqualTo(Status.DUP);
    assertStatus(author.does(author.settle("r2", 1, 2, "0.10"))).isEqualTo(Status.OK);
    assertThat(store.messages(author.id, 0, 10)).isEmpty(); // it sent them itself
  }

  @Test
  default void refusesChangesThatDoNotFitAndLeavesWhatIsThere() {
    Eventful before = Eventful.in(run());
    List<Change> gap = before.changes().subList(1, before.changes().size());

    assertThatThrownBy(() -> coordination().restore(before.run().store.terms(), 3, gap))
        .isInstanceOf(CheckpointUnreadableException.class);

    before.author().ok(before.author().write("w9", "key"));
  }
}

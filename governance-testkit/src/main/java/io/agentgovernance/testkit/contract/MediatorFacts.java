// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.payload.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about the mediator: one at a time, once for each reason, and binding once. */
interface MediatorFacts extends CoordinationFacts {

  private static Applied<?> spawn(LiveRun run, String role, MediationReason reason) {
    return run.store.apply(run.spawn(role, ErrorBudget.DEFAULT, reason, null));
  }

  @Test
  default void spawnsOneOf32AtOnceForAReason() {
    for (int repetition = 0; repetition < 50; repetition++) {
      LiveRun run = run();

      List<Applied<?>> answers =
          Together.run(32, i -> spawn(run, "gamma" + i, MediationReason.STUCK));

      assertThat(answers).filteredOn(Applied::accepted).hasSize(1);
      assertThat(answers).filteredOn(a -> a.reason().equals("REASON_USED")).hasSize(31);
      assertThat(run.store.agents()).hasSize(1);
    }
  }

  @Test
  default void spawnsOneAtATime() {
    LiveRun run = run();
    Actor stuck = run.mediator("gamma1", MediationReason.STUCK);

    assertRefused(
        spawn(run, "gamma2", MediationReason.CONFLICT), Status.CONFLICT, "MEDIATOR_ACTIVE");
    stuck.ok(stuck.status(AgentStatus.COMPLETED));
    assertRefused(spawn(run, "gamma3", MediationReason.STUCK), Status.CONFLICT, "REASON_USED");
    Actor conflict = run.mediator("gamma2", MediationReason.CONFLICT);

    assertThat(conflict.state().reason()).isEqualTo(MediationReason.CONFLICT);
  }

  /** A run with two open proposals and a mediator. */
  private Actor mediating() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    one.ok(one.propose("p1"));
    two.ok(two.propose("p2"));
    return run.mediator("gamma", MediationReason.CONFLICT);
  }

  @Test
  default void decidesAndSupersedesTheRest() {
    Actor gamma = mediating();

    var changes = changes(gamma.run.store, () -> gamma.ok(gamma.decide("p2")));

    Proposal accepted = gamma.run.store.accepted().orElseThrow();
    assertThat(accepted.id()).isEqualTo("p2");
    assertThat(accepted.decidedBy()).isEqualTo(Proposal.BY_GAMMA);
    assertThat(accepted.ballots()).isEmpty();
    Proposal other = gamma.proposal("p1");
    assertThat(other.state()).isEqualTo(Proposal.State.SUPERSEDED);
    assertThat(changes.get(0).effects())
        .containsExactly(new Effect.ProposalDecided(accepted), new Effect.ProposalDecided(other));
  }

  @Test
  default void decidesOnce() {
    Actor gamma = mediating();
    gamma.ok(gamma.decide("p1"));
    var wrong = new Command.Decide(gamma.id, gamma.lease.token(), "p1", Digest.sha256("another"));

    assertStatus(gamma.does(gamma.decide("p1"))).isEqualTo(Status.DUP);
    assertRefused(gamma.does(gamma.decide("p2")), Status.CONFLICT, "CLOSED");
    assertRefused(gamma.does(wrong), Status.CONFLICT, "WRONG_DIGEST");
    assertThat(gamma.run.store.accepted().orElseThrow().id()).isEqualTo("p1");
  }

  @Test
  default void decidesOneOfTwoAtOnce() {
    for (int repetition = 0; repetition < 100; repetition++) {
      Actor gamma = mediating();

      List<Applied<Proposal>> answers =
          Together.run(8, i -> gamma.does(gamma.decide(i % 2 == 0 ? "p1" : "p2")));

      assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
      assertThat(answers).filteredOn(a -> a.status() == Status.DUP).hasSize(3);
      assertThat(answers).filteredOn(a -> a.reason().equals("CLOSED")).hasSize(4);
    }
  }

  @Test
  default void mayChooseWhatTheTeamRejected() {
    Actor gamma = mediating();
    Actor one = new Actor(gamma.run, gamma.proposal("p1").author());
    one.ok(one.reject("p2"));
    assertThat(gamma.proposal("p2").state()).isEqualTo(Proposal.State.REJECTED);

    gamma.ok(gamma.decide("p2"));

    assertThat(gamma.proposal("p2").state()).isEqualTo(Proposal.State.ACCEPTED);
  }

  @Test
  default void doesNotOverruleTheQuorum() {
    Actor gamma = mediating();
    Actor one = new Actor(gamma.run, gamma.proposal("p1").author());
    one.ok(one.accept("p2"));

    assertRefused(gamma.does(gamma.decide("p2")), Status.CONFLICT, "CLOSED");
    assertRefused(gamma.does(gamma.decide("p1")), Status.CONFLICT, "CLOSED");
    assertThat(gamma.run.store.accepted().orElseThrow().decidedBy()).isEqualTo(Proposal.BY_QUORUM);
  }

  @Test
  default void refusesOtherDecidersUnknownProposalsAndOtherDigests() {
    Actor gamma = mediating();
    Actor one = new Actor(gamma.run, gamma.proposal("p1").author());
    var wrong = new Command.Decide(gamma.id, gamma.lease.token(), "p1", Digest.sha256("another"));

    assertRefused(one.does(one.decide("p2")), Status.CONFLICT, "NOT_MEDIATOR");
    assertRefused(gamma.does(gamma.decide("p9")), Status.CONFLICT, "UNKNOWN_PROPOSAL");
    assertRefused(gamma.does(wrong), Status.CONFLICT, "WRONG_DIGEST");
    assertRefused(gamma.does(gamma.accept("p1")), Status.CONFLICT, "OUTSIDER");
    assertThat(gamma.run.store.accepted()).isEmpty();
  }
}

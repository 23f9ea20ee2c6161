// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about the quorum rule, one step at a time. */
interface VoteFacts extends CoordinationFacts {

  /** An author and so many others. */
  private List<Actor> team(int others) {
    LiveRun run = run();
    List<Actor> team = new ArrayList<>();
    team.add(run.agent("author"));
    for (int i = 1; i <= others; i++) {
      team.add(run.agent("voter" + i));
    }
    return team;
  }

  @Test
  default void theElectorateIsEveryOtherActiveAgentOfTheTeam() {
    List<Actor> team = team(4);
    Actor author = team.get(0);
    team.get(1).ok(team.get(1).status(AgentStatus.COMPLETED));
    team.get(2).revoke();
    author.run.mediator("gamma", MediationReason.STUCK);

    Proposal proposal = author.ok(author.propose("p1")).orThrow();

    assertThat(proposal.electorate()).containsExactlyInAnyOrder(team.get(3).id, team.get(4).id);
    assertThat(proposal.quorum()).isEqualTo(2);
    assertThat(proposal.state()).isEqualTo(Proposal.State.OPEN);
    assertThat(proposal.author()).isEqualTo(author.id);
    assertThat(proposal.digest()).isEqualTo(Actor.proposed("p1").digest());
    assertThat(author.run.store.proposals()).containsExactly(proposal);
  }

  @Test
  default void theQuorumIsMoreThanHalfOfTheElectorate() {
    int[] quorum = {1, 2, 2, 3, 3};
    for (int others = 1; others <= quorum.length; others++) {
      Actor author = team(others).get(0);

      assertThat(author.ok(author.propose("p1")).orThrow().quorum()).isEqualTo(quorum[others - 1]);
    }
  }

  @Test
  default void isAcceptedAtTheQuorumAndNotBefore() {
    List<Actor> team = team(3);
    team.get(0).ok(team.get(0).propose("p1"));

    Proposal open = team.get(1).ok(team.get(1).accept("p1")).orThrow();
    assertThat(open.state()).isEqualTo(Proposal.State.OPEN);
    assertThat(team.get(0).run.store.accepted()).isEmpty();
    Proposal accepted = team.get(2).ok(team.get(2).accept("p1")).orThrow();

    assertThat(accepted.state()).isEqualTo(Proposal.State.ACCEPTED);
    assertThat(accepted.decidedBy()).isEqualTo(Proposal.BY_QUORUM);
    assertThat(accepted.accepts()).isEqualTo(accepted.quorum()).isEqualTo(2);
    assertThat(accepted.uncontested()).isFalse();
    assertThat(accepted.decidedAt()).isNotNull();
    assertThat(team.get(0).run.store.accepted()).contains(accepted);
  }

  @Test
  default void isRejectedAsSoonAsTheQuorumIsOutOfReach() {
    List<Actor> team = team(4); // quorum 3: two rejections leave two voters
    Actor author = team.get(0);
    author.ok(author.propose("p1"));

    assertThat(team.get(1).ok(team.get(1).reject("p1")).orThrow().state())
        .isEqualTo(Proposal.State.OPEN);
    Proposal rejected = team.get(2).ok(team.get(2).reject("p1")).orThrow();

    assertThat(rejected.state()).isEqualTo(Proposal.State.REJECTED);
    assertRefused(team.get(3).does(team.get(3).accept("p1")), Status.CONFLICT, "CLOSED");
    assertThat(author.run.store.accepted()).isEmpty();
    author.ok(author.propose("p2"));
  }

  @Test
  default void countsOneBallotOfEachAgent() {
    List<Actor> team = team(3);
    Actor voter = team.get(1);
    team.get(0).ok(team.get(0).propose("p1"));
    voter.ok(voter.accept("p1"));

    assertStatus(voter.does(voter.accept("p1"))).isEqualTo(Status.DUP);
    assertRefused(voter.does(voter.reject("p1")), Status.CONFLICT, "ALREADY_VOTED");

    assertThat(voter.proposal("p1").ballots())
        .extracting(Ballot::voter, Ballot::choice)
        .containsExactly(tuple(voter.id, Ballot.Choice.ACCEPT));
  }

  @Test
  default void removesAnElectorThatEndedAndComputesTheQuorumAgain() {
    List<Actor> team = team(4); // quorum 3
    team.get(0).ok(team.get(0).propose("p1"));
    team.get(1).ok(team.get(1).accept("p1"));
    team.get(2).ok(team.get(2).accept("p1"));
    assertThat(team.get(0).proposal("p1").state()).isEqualTo(Proposal.State.OPEN);

    var changes = changes(team.get(0).run.store, () -> team.get(3).ok(team.get(3).violation("v1")));

    Proposal accepted = team.get(0).proposal("p1"); // three electors: quorum 2
    assertThat(accepted.electorate()).doesNotContain(team.get(3).id).hasSize(3);
    assertThat(accepted.quorum()).isEqualTo(2);
    assertThat(accepted.state()).isEqualTo(Proposal.State.ACCEPTED);
    assertThat(changes.get(0).effects()).contains(new Effect.ProposalDecided(accepted));
  }

  @Test
  default void keepsTheBallotOfAnAgentThatEnded() {
    List<Actor> team = team(3); // quorum 2
    team.get(0).ok(team.get(0).propose("p1"));
    team.get(1).ok(team.get(1).accept("p1"));
    team.get(1).revoke();

    Proposal open = team.get(0).proposal("p1");
    assertThat(open.electorate()).hasSize(3);
    assertThat(open.state()).isEqualTo(Proposal.State.OPEN);
    team.get(2).ok(team.get(2).accept("p1"));
    assertThat(team.get(0).proposal("p1").state()).isEqualTo(Proposal.State.ACCEPTED);
  }

  @Test
  default void rejectsWhenARemovalPutsTheQuorumOutOfReach() {
    List<Actor> team = team(3); // quorum 2
    team.get(0).ok(team.get(0).propose("p1"));
    team.get(1).ok(team.get(1).reject("p1"));

    team.get(2).ok(team.get(2).status(AgentStatus.FAILED)); // two electors, one rejects: quorum 2

    assertThat(team.get(0).proposal("p1").state()).isEqualTo(Proposal.State.REJECTED);
  }

  @Test
  default void theFirstAcceptanceSupersedesTheOthersAndClosesVoting() {
    List<Actor> team = team(1);
    Actor author = team.get(0);
    Actor voter = team.get(1);
    author.ok(author.propose("p1"));
    author.ok(author.propose("p2"));
    voter.ok(voter.propose("p3"));
    author.ok(author.reject("p3"));

    voter.ok(voter.accept("p2"));

    assertThat(author.run.store.proposals())
        .extracting(Proposal::state)
        .containsExactly(
            Proposal.State.SUPERSEDED, Proposal.State.ACCEPTED, Proposal.State.REJECTED);
    assertRefused(voter.does(voter.accept("p1")), Status.CONFLICT, "CLOSED");
    assertRefused(voter.does(voter.propose("p4")), Status.CONFLICT, "CLOSED");
  }

  @Test
  default void anAuthorAcceptsItsOwnOnlyWhenAlone() {
    List<Actor> team = team(1);
    Actor author = team.get(0);
    author.ok(author.propose("p1"));
    assertRefused(author.does(author.accept("p1")), Status.CONFLICT, "AUTHOR");
    author.run.mediator("gamma", MediationReason.STUCK);

    team.get(1).revoke();
    Proposal accepted = author.ok(author.accept("p1")).orThrow();

    assertThat(accepted.state()).isEqualTo(Proposal.State.ACCEPTED);
    assertThat(accepted.uncontested()).isTrue();
    assertThat(accepted.decidedBy()).isEqualTo(Proposal.BY_AUTHOR);
  }

  @Test
  default void aSuccessorLeftAloneVotesOnWhatItsPredecessorProposed() {
    Actor author = run().agent("author");
    author.ok(author.propose("p1"));
    author.revoke();
    Actor heir = author.run.successor("heir", author);

    Proposal accepted = heir.ok(heir.accept("p1")).orThrow();

    assertThat(accepted.state()).isEqualTo(Proposal.State.ACCEPTED);
    assertThat(accepted.author()).isEqualTo(author.id);
    assertThat(accepted.decidedBy()).isEqualTo(Proposal.BY_QUORUM);
  }

  @Test
  default void tellsEveryIllegalBallotApart() {
    List<Actor> team = team(4);
    Actor author = team.get(0);
    author.ok(author.propose("p1"));
    Actor outsider = author.run.agent("outsider");
    team.get(4).revoke();
    Digest wrong = Digest.sha256("another proposal");
    Actor voter = team.get(1);

    assertRefused(voter.does(voter.accept("p9")), Status.CONFLICT, "UNKNOWN_PROPOSAL");
    assertRefused(author.does(author.accept("p1")), Status.CONFLICT, "AUTHOR");
    assertRefused(outsider.does(outsider.accept("p1")), Status.CONFLICT, "OUTSIDER");
    assertRefused(
        voter.does(voter.cast("p1", wrong, Ballot.Choice.ACCEPT)), Status.CONFLICT, "WRONG_DIGEST");
    assertRefused(team.get(4).does(team.get(4).accept("p1")), Status.REVOKED, "REVOKED");
    assertThat(author.proposal("p1").ballots()).isEmpty();
  }

  @Test
  default void theWriterSolvesOnceSomethingIsAccepted() {
    LiveRun run = run();
    Actor writer = run.agent("writer");
    Actor author = run.agent("author");
    assertRefused(writer.does(writer.solve("a")), Status.CONFLICT, "NOTHING_ACCEPTED");
    author.ok(author.propose("p1"));
    writer.ok(writer.accept("p1"));

    assertRefused(author.does(author.solve("b")), Status.CONFLICT, "NOT_WRITER");
    writer.ok(writer.solve("a"));
    assertRefused(writer.does(writer.solve("c")), Status.CONFLICT, "ALREADY_SOLVED");

    assertThat(run.store.solution()).contains(Payload.text("a"));
  }

  @Test
  default void aSurvivorSolvesWhenTheWriterHasEnded() {
    LiveRun run = run();
    Actor author = run.agent("author");
    Actor writer = run.agent("writer");
    author.ok(author.propose("p1"));
    writer.ok(writer.accept("p1"));
    writer.revoke();

    author.ok(author.solve("b"));

    assertThat(run.store.solution()).contains(Payload.text("b"));
  }
}

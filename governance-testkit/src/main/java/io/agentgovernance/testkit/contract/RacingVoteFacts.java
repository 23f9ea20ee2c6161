// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.payload.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Facts about voting when all vote at once. */
interface RacingVoteFacts extends CoordinationFacts {
  int VOTERS = 64;
  int PROPOSALS = 200;

  @Test
  default void decidesEachOf200ProposalsOnceWhen64VoteTwiceAtOnce() {
    for (int i = 0; i < PROPOSALS; i++) {
      new Election(run()).hold();
    }
  }

  /** 64 voters and everybody who must not vote, on one proposal of one run. */
  final class Election {
    private final LiveRun run;
    private final Actor author;
    private final List<Actor> voters = new ArrayList<>();
    private final Actor revoked;
    private final Actor outsider;

    Election(LiveRun run) {
      this.run = run;
      author = run.agent("author");
      for (int i = 0; i < VOTERS; i++) {
        voters.add(run.agent("voter" + i));
      }
      revoked = run.agent("revoked");
      author.ok(author.propose("p1"));
      revoked.revoke();
      outsider = run.agent("outsider");
    }

    void hold() {
      Digest wrong = Digest.sha256("another proposal");
      List<List<Applied<Proposal>>> answers = new ArrayList<>();
      List<Change> changes =
          changes(
              run.store,
              () ->
                  answers.addAll(
                      Together.run(
                          VOTERS + 4,
                          i ->
                              switch (i - VOTERS) {
                                case 0 -> List.of(author.does(author.accept("p1")));
                                case 1 -> List.of(outsider.does(outsider.accept("p1")));
                                case 2 -> List.of(revoked.does(revoked.accept("p1")));
                                case 3 ->
                                    List.of(
                                        voters
                                            .get(0)
                                            .does(
                                                voters
                                                    .get(0)
                                                    .cast("p1", wrong, Ballot.Choice.ACCEPT)));
                                default -> twice(voters.get(i));
                              })));

      Proposal decided = author.proposal("p1");
      assertThat(decided.state()).isEqualTo(Proposal.State.ACCEPTED);
      assertThat(decided.electorate()).hasSize(VOTERS);
      assertThat(decided.quorum()).isEqualTo(VOTERS / 2 + 1);
      assertThat(decided.accepts()).isEqualTo(decided.quorum());
      assertThat(decided.ballots()).extracting(Ballot::voter).doesNotHaveDuplicates();
      assertThat(changes.stream().flatMap(c -> c.effects().stream()))
          .as("exactly one decision")
          .containsExactly(new Effect.ProposalDecided(decided));

      List<Applied<Proposal>> first = answers.stream().limit(VOTERS).map(a -> a.get(0)).toList();
      List<Applied<Proposal>> second = answers.stream().limit(VOTERS).map(a -> a.get(1)).toList();
      assertThat(first).filteredOn(a -> a.status() == Status.OK).hasSize(decided.quorum());
      assertThat(first)
          .filteredOn(a -> !a.accepted())
          .as("those that were late")
          .hasSize(VOTERS - decided.quorum())
          .allSatisfy(a -> assertRefused(a, Status.CONFLICT, "CLOSED"));
      assertThat(second).allMatch(a -> Set.of("ALREADY_VOTED", "CLOSED").contains(a.reason()));
      assertThat(answers.subList(VOTERS, VOTERS + 4))
          .extracting(a -> a.get(0).reason())
          .containsExactly("AUTHOR", "OUTSIDER", "REVOKED", "WRONG_DIGEST");
    }

    private static List<Applied<Proposal>> twice(Actor voter) {
      return List.of(voter.does(voter.accept("p1")), voter.does(voter.reject("p1")));
    }
  }

  @Test
  default void acceptsOneOf16ProposalsThatReachTheirQuorumAtOnce() {
    for (int repetition = 0; repetition < 50; repetition++) {
      LiveRun run = run();
      Actor voter = run.agent("voter");
      Actor author = run.agent("author");
      for (int i = 0; i < 16; i++) {
        author.ok(author.propose("p" + i));
      }

      List<Applied<Proposal>> answers = Together.run(16, i -> voter.does(voter.accept("p" + i)));

      assertThat(answers).filteredOn(Applied::accepted).hasSize(1);
      assertThat(answers).filteredOn(a -> a.reason().equals("CLOSED")).hasSize(15);
      assertThat(run.store.proposals())
          .filteredOn(p -> p.state() == Proposal.State.SUPERSEDED)
          .hasSize(15);
      assertThat(run.store.accepted()).isPresent();
    }
  }

  @Test
  default void decidesOnceWhileElectorsVoteAndAreRevokedAtOnce() {
    for (int repetition = 0; repetition < 100; repetition++) {
      LiveRun run = run();
      Actor author = run.agent("author");
      List<Actor> voters = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        voters.add(run.agent("voter" + i));
      }
      author.ok(author.propose("p1"));

      List<Change> changes =
          changes(
              run.store,
              () ->
                  Together.run(
                      16,
                      i -> {
                        Actor voter = voters.get(i);
                        return switch (i % 3) {
                          case 0 -> voter.does(voter.accept("p1"));
                          case 1 -> voter.does(voter.reject("p1"));
                          default -> voter.does(voter.violation("v" + i));
                        };
                      }));

      Proposal decided = author.proposal("p1");
      assertThat(decided.state()).isIn(Proposal.State.ACCEPTED, Proposal.State.REJECTED);
      assertThat(changes.stream().flatMap(c -> c.effects().stream()))
          .filteredOn(Effect.ProposalDecided.class::isInstance)
          .hasSize(1);
    }
  }
}

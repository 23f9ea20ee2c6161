// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsensusTest extends Voting {
  @Test
  void theElectorateIsWhoIsActiveWithoutTheAuthorAndTheQuorumIsMoreThanHalf() {
    OrchestrationResult result = Scenes.run(team(author(3), voters(4, Choice.ACCEPT)));

    Proposal proposal = result.proposals().get(0);
    assertThat(proposal.electorate())
        .extracting(AgentId::value)
        .containsExactlyInAnyOrder(
            result.run() + "-e1", result.run() + "-e2", result.run() + "-e3", result.run() + "-e4");
    assertThat(proposal.quorum()).isEqualTo(3);
  }

  @Test
  void theVoteThatReachesTheQuorumAcceptsAndThoseAfterItComeTooLate() {
    OrchestrationResult result = Scenes.run(team(author(3), voters(4, Choice.ACCEPT)));

    Proposal proposal = result.accepted().orElseThrow();
    assertThat(proposal.accepts()).isEqualTo(3);
    assertThat(proposal.decidedBy()).isEqualTo("QUORUM");
    assertThat(proposal.uncontested()).isFalse();
    assertThat(outputOf(result, "e4")).isEqualTo("CLOSED");
    assertThat(Scenes.events(result, EventTypes.CONSENSUS_REACHED)).hasSize(1);
  }

  @Test
  void ofTwoAgentsOneVoteIsTheQuorum() {
    OrchestrationResult result = Scenes.run(team(author(1), voters(1, Choice.ACCEPT)));

    assertThat(result.accepted().orElseThrow().quorum()).isEqualTo(1);
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.outcome())
        .isEqualTo(new Outcome.Accepted(Payload.text("the solution"), "QUORUM"));
  }

  @Test
  void aProposalIsRejectedAsSoonAsTheQuorumIsOutOfReach() {
    OrchestrationResult result = Scenes.run(team(author(2), voters(4, Choice.REJECT)));

    Proposal proposal = result.proposals().get(0);
    assertThat(proposal.state()).isEqualTo(Proposal.State.REJECTED);
    assertThat(proposal.rejects()).isEqualTo(2);
    assertThat(outputOf(result, "e3")).isEqualTo("CLOSED");
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_FAILED);
  }

  @Test
  void anElectorThatEndsWithoutVotingIsRemovedAndTheBallotsCastCount() {
    Agent gone =
        Agent.of(
            "e3",
            ctx -> {
              Scenes.untilBallots(ctx, 2);
              throw Mishap.lasting("gone");
            });
    Agent waits =
        Agent.of("e4", ctx -> Scenes.until(ctx, all -> decided(all)).get(0).state().name());

    OrchestrationResult result =
        Scenes.run(team(author(2), voter(1, Choice.ACCEPT), voter(2, Choice.ACCEPT), gone, waits));

    Proposal proposal = result.accepted().orElseThrow();
    assertThat(proposal.electorate()).hasSize(3);
    assertThat(proposal.quorum()).isEqualTo(2);
    assertThat(proposal.accepts()).isEqualTo(2);
  }

  @Test
  void aBallotOfAnElectorThatEndedStillCounts() {
    Agent votesAndFails =
        Agent.of(
            "e1",
            ctx -> {
              ctx.vote(Scenes.untilBallots(ctx, 0), Choice.ACCEPT, "");
              throw Mishap.lasting("gone");
            });
    Agent second =
        Agent.of(
            "e2",
            ctx -> {
              Scenes.untilBallots(ctx, 1);
              Scenes.untilGone(ctx, "e1");
              return ctx.vote(ctx.proposals().get(0), Choice.ACCEPT, "").state().name();
            });
    Agent third = Agent.of("e3", ctx -> Scenes.until(ctx, ConsensusTest::decided).toString());

    OrchestrationResult result = Scenes.run(team(author(2), votesAndFails, second, third));

    assertThat(result.accepted().orElseThrow().quorum()).isEqualTo(2);
    assertThat(result.accepted().orElseThrow().ballots())
        .extracting(Ballot::voter)
        .extracting(AgentId::value)
        .containsExactly(result.run() + "-e1", result.run() + "-e2");
  }

  @Test
  void theFirstAcceptanceClosesVotingForTheRun() {
    List<String> late = new ArrayList<>();
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              ctx.propose("one way");
              Scenes.until(ctx, all -> all.size() == 2);
              Proposal other = ctx.proposals().stream().filter(p -> mine(ctx, p)).findFirst().get();
              ctx.vote(other, Choice.ACCEPT, "better");
              late.add(refusal(() -> ctx.propose("a third way")));
              ctx.solve("the solution");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.propose("another way");
              Scenes.until(ctx, ConsensusTest::decided);
              return "";
            });

    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.quorum("writer"), writer, other));

    assertThat(result.proposals())
        .extracting(Proposal::state)
        .containsExactlyInAnyOrder(Proposal.State.ACCEPTED, Proposal.State.SUPERSEDED);
    assertThat(late).containsExactly("CLOSED");
    assertThat(result.accepted().orElseThrow().content()).isEqualTo(Payload.text("another way"));
  }

  @Test
  void nothingProposedIsNoConsensus() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.quorum("one"), Agent.of("one", c -> ""), Agent.of("two", c -> "")));

    assertThat(result.outcome()).isInstanceOf(Outcome.NoConsensus.class);
    assertThat(result.report()).isNotBlank();
  }

  @Test
  void aBallotThatDoesNotCountIsRefusedWithItsOwnCode() {
    List<String> codes = new ArrayList<>();
    Agent elector =
        Agent.of(
            "e1",
            ctx -> {
              Proposal p = Scenes.untilBallots(ctx, 0);
              codes.add(refusal(() -> ctx.vote(changed(p, p.id(), "other"), Choice.ACCEPT, "")));
              codes.add(refusal(() -> ctx.vote(changed(p, "no-such", "it"), Choice.ACCEPT, "")));
              ctx.vote(p, Choice.REJECT, "");
              codes.add(refusal(() -> ctx.vote(p, Choice.ACCEPT, "changed my mind")));
              return "";
            });

    OrchestrationResult result =
        Scenes.run(team(author(3), elector, voter(2, Choice.ACCEPT), voter(3, Choice.ACCEPT)));

    assertThat(codes).containsExactly("WRONG_DIGEST", "UNKNOWN_PROPOSAL", "ALREADY_VOTED");
    assertThat(result.proposals().get(0).ballots()).hasSize(3);
    assertThat(result.agent("e1").orElseThrow().violations()).isZero();
  }

  private static Proposal changed(Proposal p, String id, String content) {
    return new Proposal(
        id,
        p.author(),
        p.content(),
        Digest.sha256(content),
        p.electorate(),
        p.quorum(),
        p.ballots(),
        p.state(),
        p.decidedBy(),
        p.postedAt(),
        p.decidedAt());
  }

  /** Proposes, waits for so many ballots, and writes the solution if that is accepted. */
  private static Agent author(int ballots) {
    return Agent.of(
        "writer",
        ctx -> {
          ctx.propose("a way");
          Scenes.untilBallots(ctx, ballots);
          Scenes.until(ctx, ConsensusTest::decided);
          if (ctx.accepted().isPresent()) {
            ctx.solve("the solution");
          }
          return "";
        });
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mediator for proposals on which a team cannot agree. */
class MediationInConflictTest extends MediatedTeams {
  @Test
  void threeOpenProposalsSpawnTheMediatorWhoseChoiceBinds() {
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              Proposal second = ctx.proposals().get(1);
              ctx.mediation().orElseThrow().choose(second.id());
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.CONFLICT);
    assertThat(spawnedAfter(result)).containsExactly(Duration.ZERO);
    Proposal accepted = result.accepted().orElseThrow();
    assertThat(accepted.decidedBy()).isEqualTo("GAMMA");
    assertThat(accepted.ballots()).isEmpty();
    assertThat(accepted.content()).isEqualTo(Payload.text("way 2"));
    assertThat(result.proposals())
        .extracting(Proposal::state)
        .containsExactly(
            Proposal.State.SUPERSEDED, Proposal.State.ACCEPTED, Proposal.State.SUPERSEDED);
    assertThat(result.outcome())
        .isEqualTo(new Outcome.Accepted(Payload.text("the solution"), "GAMMA"));
  }

  @Test
  void theMediatorMayMergeInstead() {
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              ctx.mediation().orElseThrow().merge("the best of all");
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(result.accepted().orElseThrow().content())
        .isEqualTo(Payload.text("the best of all"));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void twoOpenProposalsAreNoConflict() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .mediation(EnumSet.of(MediationReason.CONFLICT))
                .team(quarrelling(2, directing("calm down"))),
            Scenes.time());

    assertThat(result.mediations()).isEmpty();
  }

  @Test
  void aRunThatMayNotBeMediatedInConflictIsNot() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .mediation(EnumSet.noneOf(MediationReason.class))
                .team(quarrelling(3, directing("calm down"))),
            Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
  }

  @Test
  void rejectedProposalsAreUnresolvedWhileNoneIsAccepted() {
    OrchestrationResult result = Scenes.run(rejecting(3), Scenes.time());

    assertThat(reasons(result)).containsExactly(MediationReason.CONFLICT);
  }

  @Test
  void twoRejectedProposalsAreNoConflict() {
    OrchestrationResult result = Scenes.run(rejecting(2), Scenes.time());

    assertThat(result.mediations()).isEmpty();
  }

  @Test
  void theMediatorHasNoVote() {
    List<String> refused = new ArrayList<>();
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              try {
                ctx.vote(ctx.proposals().get(0), Choice.ACCEPT, "");
              } catch (RefusedException e) {
                refused.add(e.code());
              }
              ctx.mediation().orElseThrow().choose(ctx.proposals().get(0).id());
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(quarrelling(3, gamma)), Scenes.time());

    assertThat(refused).containsExactly("OUTSIDER");
    assertThat(result.proposals()).allSatisfy(p -> assertThat(p.electorate()).hasSize(1));
  }

  /** One proposes so many ways that the other says nothing about; then it writes the solution. */
  private static Team quarrelling(int proposals, Agent mediator) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 1; i <= proposals; i++) {
                ctx.propose("way " + i);
              }
              awaitUntil(ctx, () -> ctx.accepted().isPresent());
              ctx.solve("the solution");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              awaitUntil(ctx, () -> ctx.solution().isPresent());
              return "";
            });
    return Team.of(DecisionRule.quorum("one"), one, other).mediator(mediator);
  }

  private static OrchestratorBuilder rejecting(int proposals) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                int rejected = i + 1;
                ctx.propose("way " + rejected);
                Scenes.until(
                    ctx,
                    all ->
                        all.stream().filter(p -> p.state() == Proposal.State.REJECTED).count()
                            == rejected);
              }
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                int next = i;
                Proposal open = Scenes.until(ctx, all -> all.size() > next).get(next);
                ctx.vote(open, Choice.REJECT, "no");
              }
              return "";
            });
    return Orchestrator.builder()
        .team(
            Team.of(DecisionRule.quorum("one"), one, other).mediator(Agent.of("GAMMA", ctx -> "")));
  }
}

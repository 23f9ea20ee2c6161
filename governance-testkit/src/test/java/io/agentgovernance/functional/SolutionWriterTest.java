// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.payload.Payload;
import org.junit.jupiter.api.Test;

/** Who writes the solution. */
class SolutionWriterTest extends Voting {
  @Test
  void theSoleSurvivorMayAcceptItsOwnProposalMarkedUncontested() {
    Agent gone =
        Agent.of(
            "other",
            ctx -> {
              throw Mishap.lasting("gone");
            });
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              Scenes.untilGone(ctx, "other");
              Proposal own = ctx.propose("my way");
              ctx.vote(own, Choice.ACCEPT, "nobody else is left");
              ctx.solve("the solution");
              return "";
            });

    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.quorum("writer"), writer, gone));

    assertThat(result.accepted().orElseThrow().uncontested()).isTrue();
    assertThat(result.outcome())
        .isEqualTo(new Outcome.Accepted(Payload.text("the solution"), "AUTHOR"));
    assertThat(
            Scenes.field(Scenes.events(result, EventTypes.CONSENSUS_REACHED).get(0), "uncontested"))
        .isEqualTo("true");
  }

  @Test
  void onlyTheWriterWritesTheSolutionWhileItIsActive() {
    Agent elector =
        Agent.of(
            "e1",
            ctx -> {
              String before = refusal(() -> ctx.solve("too early"));
              ctx.vote(Scenes.untilBallots(ctx, 0), Choice.ACCEPT, "");
              String other = refusal(() -> ctx.solve("not mine to write"));
              ctx.send("writer", "go on");
              return before + " " + other;
            });
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              ctx.propose("a way");
              ctx.receiveFrom("e1", Scenes.LONG);
              ctx.solve("the solution");
              return refusal(() -> ctx.solve("a second solution"));
            });

    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.quorum("writer"), writer, elector));

    assertThat(outputOf(result, "e1")).isEqualTo("NOTHING_ACCEPTED NOT_WRITER");
    assertThat(outputOf(result, "writer")).isEqualTo("ALREADY_SOLVED");
    assertThat(result.solution()).contains(Payload.text("the solution"));
  }

  @Test
  void theSurvivorWritesTheSolutionWhenTheWriterHasEnded() {
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              ctx.vote(Scenes.untilBallots(ctx, 0), Choice.ACCEPT, "");
              throw Mishap.lasting("gone");
            });
    Agent survivor =
        Agent.of(
            "survivor",
            ctx -> {
              ctx.propose("a way");
              Scenes.untilGone(ctx, "writer");
              ctx.solve("written by who is left");
              return "";
            });

    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.quorum("writer"), writer, survivor));

    assertThat(result.solution()).contains(Payload.text("written by who is left"));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void anAcceptedProposalWithoutASolutionDoesNotComplete() {
    Agent forgetful =
        Agent.of(
            "writer",
            ctx -> {
              ctx.propose("a way");
              Scenes.until(ctx, SolutionWriterTest::decided);
              return "";
            });

    OrchestrationResult result = Scenes.run(team(forgetful, voters(1, Choice.ACCEPT)));

    assertThat(result.accepted()).isPresent();
    assertThat(result.outcome()).isInstanceOf(Outcome.NoConsensus.class);
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_FAILED);
  }
}

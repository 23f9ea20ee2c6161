// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.MediationReport;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.StandardScripts;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** A run with a mediator is left after each of its writes, and another process goes on with it. */
class ResumeMediatedAfterEveryCrashTest extends EveryCrash {
  @Test
  void ofTheStandardTeam() {
    Whole whole =
        Whole.of(
            world ->
                Orchestrator.builder()
                    .model("scripted", world.counting(StandardScripts.agreeing())));

    whole.everywhere((left, resumed) -> same(whole, resumed));
  }

  @Test
  void ofARunThatAMediatorDecides() {
    Whole whole = Whole.of(ResumeMediatedAfterEveryCrashTest::conflicting);
    assertThat(whole.result.accepted().orElseThrow().decidedBy()).isEqualTo(Proposal.BY_GAMMA);

    whole.everywhere(
        (left, resumed) -> {
          same(whole, resumed);
          assertThat(resumed.result.mediations())
              .extracting(MediationReport::reason)
              .containsExactly(MediationReason.CONFLICT);
          assertThat(resumed.left().commands(Command.Decide.class)).hasSize(1);
          assertThat(resumed.left().commands(Command.Propose.class)).hasSize(3);
        });
  }

  private static OrchestratorBuilder conflicting(World world) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 1; i <= 3; i++) {
                ctx.propose("way " + i);
              }
              Proposal accepted = ctx.awaitAccepted(Scenes.LONG).orElseThrow();
              ctx.solve(accepted.content());
              return "solved";
            });
    Agent two = Agent.of("two", ctx -> ctx.awaitAccepted(Scenes.LONG).orElseThrow().id());
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              Mediation mediation = ctx.mediation().orElseThrow();
              String reply = ctx.model().ask(Prompt.user("which?")).text();
              ctx.blackboard().put("gamma", reply + mediation.reason());
              return mediation.choose(ctx.proposals().get(1).id()).id();
            });
    return builder(world)
        .mediation(EnumSet.of(MediationReason.CONFLICT))
        .team(Team.of(DecisionRule.quorum("one"), one, two).mediator(gamma));
  }
}

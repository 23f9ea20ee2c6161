// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mediators come one after the other. */
class MediationOrderTest extends MediatedTeams {
  @Test
  void oneMediatorAtATimeAndTheNextReasonWaits() {
    OrchestrationResult result = Scenes.run(complexAndConflicted(3), Scenes.time());

    assertThat(result.mediations())
        .extracting(MediationReport::reason)
        .containsExactly(MediationReason.COMPLEXITY, MediationReason.CONFLICT);
    List<Event> all = result.timeline();
    int firstEnded = indexOf(all, EventTypes.AGENT_STATUS, "agent_id", result.run() + "-gamma");
    int secondSpawned = indexOf(all, EventTypes.GAMMA_SPAWNED, "reason", "CONFLICT");
    assertThat(firstEnded).isPositive();
    assertThat(secondSpawned).isGreaterThan(firstEnded);
  }

  @Test
  void aReasonThatNoLongerHoldsWhenItsTurnComesIsForgotten() {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < 3; i++) {
                ctx.propose("way " + i);
              }
              awaitUntil(ctx, () -> ctx.accepted().isPresent());
              ctx.send("GAMMA", "settled");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.vote(Scenes.until(ctx, all -> all.size() == 3).get(0), Choice.ACCEPT, "fine");
              return "";
            });
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              ctx.receiveFrom("one", HOUR);
              return "";
            });

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .complexity((objective, documents) -> 1)
                .team(Team.of(DecisionRule.quorum("one"), one, other).mediator(gamma)),
            Scenes.time());

    assertThat(result.mediations())
        .extracting(MediationReport::reason)
        .containsExactly(MediationReason.COMPLEXITY);
  }

  private static OrchestratorBuilder complexAndConflicted(int proposals) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < proposals; i++) {
                ctx.propose("way " + i);
              }
              ctx.send("GAMMA", "posted");
              return "";
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              awaitUntil(ctx, () -> ctx.accepted().isPresent());
              return "";
            });
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              if (ctx.mediation().orElseThrow().reason() == MediationReason.COMPLEXITY) {
                ctx.receiveFrom("one", HOUR);
              } else {
                ctx.mediation().orElseThrow().merge("all of them");
              }
              return "";
            });
    return Orchestrator.builder()
        .complexity((objective, documents) -> 1)
        .team(Team.of(DecisionRule.quorum("one"), one, other).mediator(gamma));
  }

  private static int indexOf(List<Event> all, String type, String field, String value) {
    int found = -1;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).type().equals(type) && Scenes.field(all.get(i), field).equals(value)) {
        found = i;
      }
    }
    return found;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Teams that need a mediator. */
abstract class MediatedTeams {
  static final Duration HOUR = Duration.ofHours(1);

  static Agent directing(String directive) {
    return Agent.of(
        "GAMMA",
        ctx -> {
          ctx.mediation().orElseThrow().directAll(directive);
          return "";
        });
  }

  /** Looks after it has read the proposals, so that what comes after the look wakes it. */
  static void awaitUntil(AgentContext ctx, BooleanSupplier wanted) {
    List<Proposal> seen = ctx.proposals();
    while (!wanted.getAsBoolean()) {
      ctx.awaitChange(seen, HOUR);
      seen = ctx.proposals();
    }
  }

  static List<MediationReason> reasons(OrchestrationResult result) {
    List<Event> told = Scenes.events(result, EventTypes.GAMMA_SPAWNED);
    assertThat(told.stream().map(event -> Scenes.field(event, "reason")).toList())
        .isEqualTo(result.mediations().stream().map(m -> m.reason().name()).toList());
    return result.mediations().stream().map(MediationReport::reason).toList();
  }

  static List<Duration> spawnedAfter(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.GAMMA_SPAWNED).stream()
        .map(event -> Duration.between(Scenes.START, event.at()))
        .toList();
  }
}

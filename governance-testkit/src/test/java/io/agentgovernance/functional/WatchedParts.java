// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.FaultyCheckpointStore;
import io.agentgovernance.testkit.FaultyCoordination;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;

/** The parts an orchestrator rests on, which can be made to fail, and a team that asks. */
abstract class WatchedParts {
  static final Duration PROBE = Duration.ofSeconds(5);

  final ManualTime time = Scenes.time();
  final FaultyCoordination coordination = new FaultyCoordination(Backends.coordination(time), time);
  final FaultyCheckpointStore checkpoints = new FaultyCheckpointStore(Backends.checkpoints(), time);
  final FaultyLedger ledger = new FaultyLedger(new KeptLedger(), time);

  static ComponentState state(Orchestrator orchestrator, Component component) {
    return orchestrator.health().snapshot().of(component).state();
  }

  OrchestratorBuilder builder() {
    return Orchestrator.builder()
        .time(time)
        .blackboard(coordination)
        .checkpoints(checkpoints)
        .ledger(ledger)
        .model("m", Scenes.saying("ok"))
        .team(asking(3));
  }

  static Team asking(int times) {
    return Team.of(
        DecisionRule.by("one"),
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < times; i++) {
                String unused = ctx.model().ask(Prompt.user("question " + i)).text();
              }
              return "done";
            }));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AgentReport;
import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.concurrent.AgentTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the result of a run together from the store, whoever made it there. */
final class Results {
  private Results() {}

  static OrchestrationResult of(RunCoordinator coordinator, Outcome reached) {
    RunContext run = coordinator.run();
    Outcome outcome = run.services().cleaner().value(reached);
    List<Handoff> handoffs = run.view().handoffs();
    Map<AgentId, AgentReport.ThreadState> threads = threads(coordinator);
    List<AgentReport> agents = new ArrayList<>();
    List<MediationReport> mediations = new ArrayList<>();
    for (AgentState state : run.view().agents()) {
      Handoff left =
          handoffs.stream().filter(h -> h.from().equals(state.id())).findFirst().orElse(null);
      agents.add(
          new AgentReport(
              state.id(),
              state.role(),
              state.status(),
              state.phase(),
              state.outputs(),
              state.errors(),
              state.violations(),
              state.failure(),
              state.usage(),
              left,
              threads.getOrDefault(state.id(), AgentReport.ThreadState.ENDED)));
      MediationReason reason = state.reason();
      if (reason != null) {
        mediations.add(new MediationReport(state.id(), reason, state.status()));
      }
    }
    int abandoned =
        (int) threads.values().stream().filter(AgentReport.ThreadState.ABANDONED::equals).count();
    return new OrchestrationResult(
        run.terms().run(),
        run.request().objective(),
        outcome,
        agents,
        run.view().proposals(),
        mediations,
        handoffs,
        run.services().cleaner().value(run.denials().all()),
        run.view().spend(),
        run.events().events(),
        run.events().dropped(),
        run.active().used(),
        abandoned,
        run.evidence().warnings(),
        run.memory().latest());
  }

  private static Map<AgentId, AgentReport.ThreadState> threads(RunCoordinator coordinator) {
    Map<AgentId, AgentReport.ThreadState> states = new HashMap<>();
    for (AgentRunner agent : coordinator.agents()) {
      AgentTask task = agent.control().task();
      boolean abandoned = task != null && task.abandoned() && !task.ended();
      states.put(
          agent.id(),
          abandoned ? AgentReport.ThreadState.ABANDONED : AgentReport.ThreadState.ENDED);
    }
    return states;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells agents what they had been told by a process that ran them before. */
final class Reminder {
  private final RunContext run;
  private final Past past;

  Reminder(RunContext run, Past past) {
    this.run = run;
    this.past = past;
  }

  /** Tells the agents again what they had been told, in that order. */
  void remind(List<AgentRunner> reminded) {
    Map<AgentId, AgentRunner> agents = new HashMap<>();
    reminded.forEach(agent -> agents.put(agent.id(), agent));
    Map<AgentId, Change> unclarified = new LinkedHashMap<>();
    for (Change change : past.changes()) {
      Command<?> command = change.command();
      AgentRunner agent =
          command instanceof Command.OfAgent<?> own ? agents.get(own.agent()) : null;
      if (Directives.concerns(change)) {
        Directives.tell(run.store(), reminded, change);
      } else if (command instanceof Command.Note note) {
        warnOfSpend(note, agents);
      } else if (agent != null
          && command instanceof Command.ClaimHandoff
          && change.result() instanceof Handoff handoff) {
        agent.notice(Succession.notice(handoff));
      } else if (agent != null && command instanceof Command.Clarify clarify) {
        agent.notice(ErrorDesk.clarified(clarify.plan()));
        unclarified.remove(agent.id());
      } else if (agent != null && change.result() instanceof ErrorTally tally) {
        if (tally.consequences().contains(Consequence.WARN)) {
          agent.notice(ErrorDesk.warning(tally, agent.definition().errorBudget()));
        }
        if (tally.consequences().contains(Consequence.CLARIFY)) {
          unclarified.put(agent.id(), change);
        }
      }
    }
    unclarified.forEach((id, change) -> clarify(agents.get(id), change));
  }

  /** The process died between counting an error and clarifying the plan. */
  private static void clarify(@Nullable AgentRunner agent, Change change) {
    if (agent != null
        && !agent.ended()
        && change.result() instanceof ErrorTally tally
        && change.command() instanceof Command.RecordError error) {
      int end = error.message().lastIndexOf(": ");
      String operation = end < 0 ? error.message() : error.message().substring(0, end);
      agent.errors().clarify(tally, error.signature(), operation);
    }
  }

  private void warnOfSpend(Command.Note note, Map<AgentId, AgentRunner> agents) {
    AgentRunner agent = note.agent() == null ? null : agents.get(note.agent());
    if (agent != null
        && note.type().equals(EventTypes.BUDGET_WARNING)
        && Past.text(note.data(), "/kind").equals("spend")) {
      run.spendWatch().goOnFrom(agent, note.data());
    }
  }
}

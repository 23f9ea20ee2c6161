// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.policy.Action;
import java.util.List;
import java.util.Set;

/**
 * How much a mediator has done, over all its phases and attempts. What the journal answers is not
 * counted again. Confined to the agent's thread.
 */
final class MediationLimits {
  /** The journal's kinds of what counts as an action. */
  private static final Set<String> COUNTED =
      Set.of("tool", "put", "send", "propose", "vote", "decide", "solve");

  private int rounds;
  private int actions;

  /** Counts what an earlier process did. */
  void goOnFrom(List<JournalEntry> entries) {
    for (JournalEntry entry : entries) {
      if (entry.kind().equals("model")) {
        rounds++;
        actions = 0;
      } else if (COUNTED.contains(entry.kind())) {
        actions++;
      }
    }
  }

  /** Counts an action that may proceed; the mediator cannot run away itself. */
  void count(AgentRunner agent, Action action) {
    boolean over;
    if (action.kind().equals(Action.MODEL)) {
      actions = 0;
      over = ++rounds > Mediation.MAX_ROUNDS;
    } else {
      over = ++actions > Mediation.MAX_ACTIONS;
    }
    if (over) {
      agent.control().cancel(AgentStoppedException.Cause.MEDIATION_LIMIT);
      throw RunContext.stopped(
          agent.id(), agent.control(), AgentStoppedException.Cause.MEDIATION_LIMIT);
    }
  }
}

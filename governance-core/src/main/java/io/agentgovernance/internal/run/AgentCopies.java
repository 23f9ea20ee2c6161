// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies of an agent's state in which one thing is different. */
final class AgentCopies {
  private AgentCopies() {}

  /** With its errors counted. */
  static AgentState counted(AgentState s, ErrorTally tally) {
    return new AgentState(
        s.id(),
        s.role(),
        s.tier(),
        s.version(),
        s.reason(),
        s.successorOf(),
        s.status(),
        s.phase(),
        s.outputs(),
        tally.total(),
        tally.violations(),
        s.failure(),
        s.usage());
  }

  /** In a phase. */
  static AgentState in(AgentState s, AgentPhase phase) {
    return standing(s, s.status(), phase, s.outputs(), s.failure());
  }

  /** With an output more, unless it has that. */
  static AgentState having(AgentState s, AgentOutput output) {
    List<AgentOutput> outputs = new ArrayList<>(s.outputs());
    if (!outputs.contains(output)) {
      outputs.add(output);
    }
    return standing(s, s.status(), s.phase(), outputs, s.failure());
  }

  /** With a status, and why. */
  static AgentState being(AgentState s, AgentStatus status, String failure) {
    return standing(s, status, s.phase(), s.outputs(), failure);
  }

  private static AgentState standing(
      AgentState s,
      AgentStatus status,
      @Nullable AgentPhase phase,
      List<AgentOutput> outputs,
      String failure) {
    return new AgentState(
        s.id(),
        s.role(),
        s.tier(),
        s.version(),
        s.reason(),
        s.successorOf(),
        status,
        phase,
        outputs,
        s.errors(),
        s.violations(),
        failure,
        s.usage());
  }
}

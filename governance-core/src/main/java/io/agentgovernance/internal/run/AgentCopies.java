// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.util.ArrayList;
import java.util.List;

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
    return new AgentState(
        s.id(),
        s.role(),
        s.tier(),
        s.version(),
        s.reason(),
        s.successorOf(),
        s.status(),
        phase,
        s.outputs(),
        s.errors(),
        s.violations(),
        s.failure(),
        s.usage());
  }

  /** With an output more, unless it has that. */
  static AgentState having(AgentState s, AgentOutput output) {
    List<AgentOutput> outputs = new ArrayList<>(s.outputs());
    if (!outputs.contains(output)) {
      outputs.add(output);
    }
    return new AgentState(
        s.id(),
        s.role(),
        s.tier(),
        s.version(),
        s.reason(),
        s.successorOf(),
        s.status(),
        s.phase(),
        outputs,
        s.errors(),
        s.violations(),
        s.failure(),
        s.usage());
  }

  /** With a status, and why. */
  static AgentState being(AgentState s, AgentStatus status, String failure) {
    return new AgentState(
        s.id(),
        s.role(),
        s.tier(),
        s.version(),
        s.reason(),
        s.successorOf(),
        status,
        s.phase(),
        s.outputs(),
        s.errors(),
        s.violations(),
        failure,
        s.usage());
  }
}

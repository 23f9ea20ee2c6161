// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one agent.
 *
 * @param id the agent
 * @param role its role
 * @param status where it ended
 * @param phase the phase it was in last; absent if it never began
 * @param outputs what it produced, one for each finished phase, also if it ended early
 * @param errors how many errors it made
 * @param violations how many procedure violations
 * @param failure why it failed or was revoked; empty if it did not
 * @param usage what it spent
 * @param handedOff what it left behind, if it failed or was revoked
 * @param thread whether its thread had ended when the result was made
 */
public record AgentReport(
    AgentId id,
    AgentRole role,
    AgentStatus status,
    @Nullable AgentPhase phase,
    List<AgentOutput> outputs,
    int errors,
    int violations,
    String failure,
    Spend usage,
    @Nullable Handoff handedOff,
    ThreadState thread) {

  /** Whether an agent's thread had ended. */
  public enum ThreadState {
    ENDED,
    /** It ignored its interruption; whatever it still does is refused. */
    ABANDONED
  }

  public AgentReport {
    requireNonNull(id, "id");
    requireNonNull(role, "role");
    requireNonNull(status, "status");
    outputs = List.copyOf(outputs);
    requireNonNull(failure, "failure");
    requireNonNull(usage, "usage");
    requireNonNull(thread, "thread");
  }

  /** The output of a phase. */
  public Optional<Payload> output(AgentPhase phase) {
    return outputs.stream()
        .filter(output -> output.phase() == phase)
        .map(AgentOutput::content)
        .findFirst();
  }

  /** The output of its EXECUTE phase: its work. */
  public Optional<Payload> output() {
    return output(AgentPhase.EXECUTE);
  }
}

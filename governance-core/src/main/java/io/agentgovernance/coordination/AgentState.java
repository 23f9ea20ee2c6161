// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.TrustTier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent as the store sees it.
 *
 * @param id the agent
 * @param role its role
 * @param tier its trust tier
 * @param version the version of its code
 * @param reason why it was spawned, if it is a mediator
 * @param successorOf whose work it continues, if it is a successor
 * @param status where it stands
 * @param phase the phase it is in or was in last; absent before the first
 * @param outputs what it produced, one for each finished phase
 * @param errors errors counted
 * @param violations violations counted
 * @param failure why it failed or was revoked; empty if it did not
 * @param usage what it spent
 */
public record AgentState(
    AgentId id,
    AgentRole role,
    TrustTier tier,
    String version,
    @Nullable MediationReason reason,
    @Nullable AgentId successorOf,
    AgentStatus status,
    @Nullable AgentPhase phase,
    List<AgentOutput> outputs,
    int errors,
    int violations,
    String failure,
    Spend usage) {

  public AgentState {
    requireNonNull(id, "id");
    requireNonNull(role, "role");
    requireNonNull(tier, "tier");
    requireNonNull(version, "version");
    requireNonNull(status, "status");
    outputs = List.copyOf(outputs);
    requireNonNull(failure, "failure");
    requireNonNull(usage, "usage");
  }
}

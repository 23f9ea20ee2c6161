// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;

/**
 * One spawn of the mediator.
 *
 * @param mediator its id
 * @param reason why it was spawned
 * @param status where it ended
 */
public record MediationReport(AgentId mediator, MediationReason reason, AgentStatus status) {
  public MediationReport {
    requireNonNull(mediator, "mediator");
    requireNonNull(reason, "reason");
    requireNonNull(status, "status");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.core.AgentStatus;

/** The agent that was waited for ended without what it was waited for. */
public final class PartnerEndedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String role;
  private final AgentStatus status;

  public PartnerEndedException(String role, AgentStatus status) {
    super("agent '" + role + "' ended " + status + " without an output. Go on without it.");
    this.role = requireNonNull(role, "role");
    this.status = requireNonNull(status, "status");
  }

  /** The role that was waited for. */
  public String role() {
    return role;
  }

  /** How it ended. */
  public AgentStatus status() {
    return status;
  }
}

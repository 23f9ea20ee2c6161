// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;

/**
 * The agent may not act any more. A body should let it through; every further call throws it again,
 * and nothing the body does afterwards has an effect.
 */
public final class AgentStoppedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  /** Why an agent may not act any more. */
  public enum Cause {
    /** The run was stopped. */
    STOPPED,
    /** The run's active time is over. */
    DEADLINE,
    /** The agent's error budget is used up. */
    REVOKED,
    /** Another process holds the agent's lease. */
    LEASE_LOST,
    /** The mediator used up its share of rounds, actions or time. */
    MEDIATION_LIMIT,
    /** The run has ended for another reason. */
    RUN_ENDED
  }

  private final Cause reason;

  public AgentStoppedException(String agent, Cause reason) {
    super(
        "agent '" + agent + "' may not act any more: " + reason + ". Let this exception through.");
    this.reason = requireNonNull(reason, "reason");
  }

  /** Why. */
  public Cause reason() {
    return reason;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** How an agent is doing. */
public enum AgentStatus implements WireName {
  /** Not started yet. */
  PENDING,
  /** At work. */
  RUNNING,
  /** Waiting for a person or another agent. */
  WAITING,
  /** Ended regularly. */
  COMPLETED,
  /** Ended by an error. */
  FAILED,
  /** Ended by a deadline. */
  TIMED_OUT,
  /** Ended by a stop. */
  STOPPED,
  /** Ended because an error budget was spent. */
  REVOKED;

  /** Says whether an agent with this status has ended. */
  public boolean isTerminal() {
    return switch (this) {
      case PENDING, RUNNING, WAITING -> false;
      case COMPLETED, FAILED, TIMED_OUT, STOPPED, REVOKED -> true;
    };
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static AgentStatus fromWire(String wireName) {
    return Wire.find(AgentStatus.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

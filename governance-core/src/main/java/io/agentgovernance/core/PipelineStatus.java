// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** How a run is doing. The first terminal status wins. */
public enum PipelineStatus implements WireName {
  /** Accepted, not started yet. */
  SPAWNED,
  /** Stage agents are at work. */
  RUNNING,
  /** The stages have reported; the run rests or goes on to the team. */
  REPORT,
  /** The team is at work. */
  ORCHESTRATING,
  /** A person has to decide. */
  AWAITING_APPROVAL,
  /** Ended with a solution. */
  COMPLETED,
  /** Ended because all agents failed. */
  FAILED,
  /** Ended by its deadline, with a partial report. */
  TIMEOUT,
  /** Ended by a stop. */
  STOPPED,
  /** Ended without a solution: no consensus. */
  ORCHESTRATION_FAILED,
  /** Ended by the infrastructure: a ledger, a store, a lost state. */
  ORCHESTRATION_ERROR;

  /** Says whether a run with this status has ended. */
  public boolean isTerminal() {
    return switch (this) {
      case SPAWNED, RUNNING, REPORT, ORCHESTRATING, AWAITING_APPROVAL -> false;
      case COMPLETED, FAILED, TIMEOUT, STOPPED, ORCHESTRATION_FAILED, ORCHESTRATION_ERROR -> true;
    };
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static PipelineStatus fromWire(String wireName) {
    return Wire.find(PipelineStatus.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

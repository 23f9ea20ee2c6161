// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** How a stage is doing. */
public enum StageStatus implements WireName {
  /** Not started yet. */
  PENDING,
  /** At work. */
  RUNNING,
  /** Waiting for a person. */
  WAITING,
  /** Ended regularly. */
  COMPLETED,
  /** Ended by an error. */
  FAILED,
  /** Not run: its condition did not hold. */
  SKIPPED,
  /** Ended by a deadline. */
  TIMED_OUT,
  /** Ended by a stop, or because another branch failed. */
  CANCELLED;

  /** Says whether a stage with this status has ended. */
  public boolean isTerminal() {
    return switch (this) {
      case PENDING, RUNNING, WAITING -> false;
      case COMPLETED, FAILED, SKIPPED, TIMED_OUT, CANCELLED -> true;
    };
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static StageStatus fromWire(String wireName) {
    return Wire.find(StageStatus.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

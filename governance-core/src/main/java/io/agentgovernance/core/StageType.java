// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** What a stage of a pipeline does. */
public enum StageType implements WireName {
  /** Runs an agent. */
  AGENT("agent"),
  /** Waits for an approval or a consensus. */
  GATE("gate"),
  /** Runs branches at the same time. */
  PARALLEL("parallel"),
  /** Chooses a branch. */
  CONDITION("condition");

  private final String wireName;

  StageType(String wireName) {
    this.wireName = wireName;
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static StageType fromWire(String wireName) {
    return Wire.find(StageType.class, wireName);
  }

  @Override
  public String wireName() {
    return wireName;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/**
 * How finished an output is. Not to be confused with the team roles of the same names, see {@link
 * AgentRole}.
 */
public enum OutputType implements WireName {
  /** A draft: plans and analysis. */
  ALPHA,
  /** Refined: validated plans, partial results. */
  BETA,
  /** Final: completed work, verified results. */
  GAMMA;

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static OutputType fromWire(String wireName) {
    return Wire.find(OutputType.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

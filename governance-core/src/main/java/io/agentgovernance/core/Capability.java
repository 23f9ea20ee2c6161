// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** What an agent may do at all, before any policy is asked. Granted by its {@link TrustTier}. */
public enum Capability implements WireName {
  /** Read what the run shares. */
  OBSERVE,
  /** Ask a model and write plans. */
  PLAN,
  /** Post a proposal. */
  PROPOSE,
  /** Vote on the proposals of others. */
  VOTE,
  /** Act in a sandbox. */
  EXECUTE_SANDBOX,
  /** Act in production. */
  EXECUTE_PRODUCTION,
  /** Change the rules of others. */
  GOVERN;

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static Capability fromWire(String wireName) {
    return Wire.find(Capability.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

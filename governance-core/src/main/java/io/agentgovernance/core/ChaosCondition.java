// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/** A fault that a chaos test injects. */
public enum ChaosCondition implements WireName {
  /** A lease is lost. */
  LOCK_LOSS,
  /** Many actions fail at once. */
  ERROR_SPIKE,
  /** An agent throws. */
  AGENT_CRASH,
  /** An agent does not come back. */
  AGENT_HANG,
  /** A message does not arrive. */
  MESSAGE_LOSS,
  /** A store cannot be reached. */
  STORE_DISCONNECT,
  /** A store is slow. */
  STORE_LATENCY,
  /** A model call fails. */
  MODEL_FAILURE,
  /** A model is slow. */
  MODEL_LATENCY,
  /** The ledger cannot be written. */
  LEDGER_FAILURE,
  /** The wall clock jumps. */
  CLOCK_JUMP,
  /** The process is killed. */
  PROCESS_KILL;

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static ChaosCondition fromWire(String wireName) {
    return Wire.find(ChaosCondition.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

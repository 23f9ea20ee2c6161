// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;

/**
 * A breach of procedure, counted against {@link ErrorBudget#maxProcedureViolations()}. The list is
 * closed: a denied or unknown tool is an ordinary error, or one hallucinated name would revoke.
 */
public enum ProcedureViolation implements WireName {
  /** A phase was skipped or entered again. */
  PHASE_JUMP,
  /** A message claimed another sender. */
  FORGED_SENDER,
  /** An agent voted for its own proposal. */
  SELF_VOTE,
  /** An action went round its approval. */
  APPROVAL_BYPASS;

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static ProcedureViolation fromWire(String wireName) {
    return Wire.find(ProcedureViolation.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}

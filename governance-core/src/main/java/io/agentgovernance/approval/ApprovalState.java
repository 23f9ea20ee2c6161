// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

import static java.util.Objects.requireNonNull;

/**
 * An approval as it stands.
 *
 * @param request the question
 * @param state its state
 * @param by who decided; empty while pending
 * @param reason the decider's words
 */
public record ApprovalState(ApprovalRequest request, State state, String by, String reason) {

  /** Where an approval stands. */
  public enum State {
    PENDING,
    APPROVED,
    DENIED,
    /** Nobody decided in time; counts as denied. */
    EXPIRED,
    /** Approved and executed: it cannot be used again. */
    USED
  }

  public ApprovalState {
    requireNonNull(request, "request");
    requireNonNull(state, "state");
    requireNonNull(by, "by");
    requireNonNull(reason, "reason");
  }
}

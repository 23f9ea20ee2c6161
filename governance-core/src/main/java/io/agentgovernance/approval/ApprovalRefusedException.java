// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

import io.agentgovernance.GovernanceException;

/** A decision that was not accepted; {@link #reason()} tells why. */
public final class ApprovalRefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public ApprovalRefusedException(String approvalId, String reason, String advice) {
    super("approval '" + approvalId + "': refused, " + reason + ". " + advice);
    this.reason = reason;
  }

  /**
   * One of {@code UNKNOWN}, {@code NOT_PENDING}, {@code EXPIRED}, {@code WRONG_DIGEST}, {@code
   * REQUESTER}, {@code AGENT}, {@code STOPPED}.
   */
  public String reason() {
    return reason;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Digest;

/**
 * A person's decision about one request, bound to the digest of what the person saw.
 *
 * @param choice approve or deny
 * @param by the person, as the host's own authentication names them
 * @param digest the digest of the request that was decided about
 * @param reason the person's words; may be empty
 */
public record ApprovalDecision(Choice choice, String by, Digest digest, String reason) {

  /** Approve or deny. */
  public enum Choice {
    APPROVE,
    DENY
  }

  public ApprovalDecision {
    requireNonNull(choice, "choice");
    requireNonNull(by, "by");
    requireNonNull(digest, "digest");
    requireNonNull(reason, "reason");
    if (by.isBlank()) {
      throw new BadInputException(
          "ApprovalDecision.by",
          "blank",
          "the name of the person who decides",
          "Pass the authenticated user.");
    }
  }

  /** Approves exactly what {@code request} describes. */
  public static ApprovalDecision approve(ApprovalRequest request, String by) {
    return new ApprovalDecision(Choice.APPROVE, by, request.digest(), "");
  }

  /** Denies what {@code request} describes. */
  public static ApprovalDecision deny(ApprovalRequest request, String by, String reason) {
    return new ApprovalDecision(Choice.DENY, by, request.digest(), reason);
  }
}

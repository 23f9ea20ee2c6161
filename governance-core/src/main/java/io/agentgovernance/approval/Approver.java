// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

/**
 * Tells people that a request waits. With an approver configured, a policy's {@code
 * RequireApproval} suspends the agent; without one it is a denial.
 *
 * <p>Called once for each request on a thread of the library that holds no lock; it may decide at
 * once through {@code approvals} or hand the request to a queue, a mail, a chat. What it throws is
 * logged; the request stays pending until it expires.
 */
@FunctionalInterface
public interface Approver {

  /** A request waits for a person. */
  void requested(ApprovalRequest request, Approvals approvals);

  /** Requests wait until somebody reads {@link Approvals#pending()} and decides. */
  static Approver queue() {
    return (request, approvals) -> {};
  }
}

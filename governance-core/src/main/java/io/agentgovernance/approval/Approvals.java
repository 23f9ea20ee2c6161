// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

import io.agentgovernance.core.RunId;
import java.util.List;

/**
 * The open questions of all runs of an orchestrator, and the answers.
 *
 * <p>Thread safe. No method blocks for longer than one call of the coordination store.
 */
public interface Approvals {

  /** The pending requests, oldest first. */
  List<ApprovalRequest> pending();

  /**
   * Decides one request. The run goes on by itself.
   *
   * @throws ApprovalRefusedException if the request is unknown, no longer pending, expired, about
   *     something else than {@code decision} names, or the decider is its requester
   */
  void decide(RunId run, String approvalId, ApprovalDecision decision);

  /** Approves exactly what {@code request} describes; {@code by} names the person. */
  default void approve(ApprovalRequest request, String by) {
    decide(request.run(), request.id(), ApprovalDecision.approve(request, by));
  }

  /** Denies what {@code request} describes; {@code by} names the person. */
  default void deny(ApprovalRequest request, String by, String reason) {
    decide(request.run(), request.id(), ApprovalDecision.deny(request, by, reason));
  }
}

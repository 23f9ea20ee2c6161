// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.approval;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;

/**
 * A question to a person about exactly one action.
 *
 * @param id unique within the run
 * @param run the run that waits
 * @param agent the agent that wants to act; never satisfies its own request
 * @param action what it wants to do, such as {@code tool:transfer}
 * @param question what the policy asks
 * @param subject the exact input of the action, as it would be executed
 * @param digest the digest of agent, action, input, policy and its version: a decision names it
 * @param policy the policy that asks, with its version
 * @param requestedAt when it was asked
 * @param expiresAt when it counts as denied
 */
public record ApprovalRequest(
    String id,
    RunId run,
    AgentId agent,
    String action,
    String question,
    Payload subject,
    Digest digest,
    String policy,
    Instant requestedAt,
    Instant expiresAt) {
  public ApprovalRequest {
    requireNonNull(id, "id");
    requireNonNull(run, "run");
    requireNonNull(agent, "agent");
    requireNonNull(action, "action");
    requireNonNull(question, "question");
    requireNonNull(subject, "subject");
    requireNonNull(digest, "digest");
    requireNonNull(policy, "policy");
    requireNonNull(requestedAt, "requestedAt");
    requireNonNull(expiresAt, "expiresAt");
  }
}

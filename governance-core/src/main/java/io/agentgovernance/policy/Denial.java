// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.policy;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import java.time.Instant;

/**
 * An action that was denied.
 *
 * @param agent who wanted to act
 * @param action kind and target, as in {@code tool:transfer}
 * @param policy the policy that denied it, with its version
 * @param rule the rule
 * @param reason the reason, without the action's input
 * @param at when
 */
public record Denial(
    AgentId agent, String action, String policy, String rule, String reason, Instant at) {
  public Denial {
    requireNonNull(agent, "agent");
    requireNonNull(action, "action");
    requireNonNull(policy, "policy");
    requireNonNull(rule, "rule");
    requireNonNull(reason, "reason");
    requireNonNull(at, "at");
  }
}

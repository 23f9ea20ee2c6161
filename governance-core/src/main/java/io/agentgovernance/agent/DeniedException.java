// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;

/** An action that was not allowed to happen. */
public final class DeniedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String action;
  private final String policy;
  private final String rule;
  private final String reason;

  public DeniedException(String action, String policy, String rule, String reason) {
    super("policy '" + policy + "' denied " + action + ": " + rule + ", " + reason);
    this.action = requireNonNull(action, "action");
    this.policy = requireNonNull(policy, "policy");
    this.rule = requireNonNull(rule, "rule");
    this.reason = requireNonNull(reason, "reason");
  }

  /** Kind and target of the action, as in {@code tool:transfer}. */
  public String action() {
    return action;
  }

  /** The policy, with its version. */
  public String policy() {
    return policy;
  }

  /** The rule, such as {@code TIER}, {@code GRANT}, {@code SPENT}, {@code LEDGER}. */
  public String rule() {
    return rule;
  }

  /** The reason in words. */
  public String reason() {
    return reason;
  }
}

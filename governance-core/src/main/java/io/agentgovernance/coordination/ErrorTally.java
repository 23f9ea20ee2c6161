// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * An agent's errors so far and what the latest one led to.
 *
 * @param total errors counted
 * @param repeats how often the latest signature has repeated: 0 for its first occurrence
 * @param violations procedure violations counted
 * @param consequences what the latest error led to; empty for most
 */
public record ErrorTally(int total, int repeats, int violations, Set<Consequence> consequences) {

  /** What an error leads to. */
  public enum Consequence {
    /** The agent is close to a limit. */
    WARN,
    /** The agent's plan is clarified, once. */
    CLARIFY,
    /** A limit is reached: the agent is revoked, once. */
    REVOKE
  }

  public ErrorTally {
    requireNonNull(consequences, "consequences");
    consequences = Set.copyOf(consequences);
  }

  /** Whether the latest error revoked the agent. */
  public boolean revoked() {
    return consequences.contains(Consequence.REVOKE);
  }
}

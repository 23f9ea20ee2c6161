// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import java.time.Instant;

/**
 * One vote of one agent on one proposal.
 *
 * @param voter who voted
 * @param choice for or against
 * @param reason the voter's words
 * @param at when
 */
public record Ballot(AgentId voter, Choice choice, String reason, Instant at) {

  /** For or against. */
  public enum Choice {
    ACCEPT,
    REJECT
  }

  public Ballot {
    requireNonNull(voter, "voter");
    requireNonNull(choice, "choice");
    requireNonNull(reason, "reason");
    requireNonNull(at, "at");
  }
}

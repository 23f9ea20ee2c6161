// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.List;

/**
 * A plan that was made clearer after errors. Immutable and thread safe.
 *
 * @param agent whose plan it is
 * @param originalPlan the plan as it was
 * @param clarifications what was added, in order
 * @param reason why
 * @param at when
 */
public record ClarifiedPlan(
    AgentId agent, Payload originalPlan, List<String> clarifications, String reason, Instant at) {
  /** Copies the list. */
  public ClarifiedPlan {
    requireNonNull(agent, "agent");
    requireNonNull(originalPlan, "originalPlan");
    clarifications = List.copyOf(clarifications);
    requireNonNull(reason, "reason");
    requireNonNull(at, "at");
  }
}

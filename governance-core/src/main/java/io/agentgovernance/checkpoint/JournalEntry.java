// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;

/**
 * One thing an agent's body learned through its context, recorded so that a body run again learns
 * the same.
 *
 * @param agent the agent
 * @param phase the phase
 * @param attempt which attempt of the phase, beginning with 1
 * @param ordinal which call of the attempt, beginning with 1
 * @param kind what kind of call it was
 * @param request the digest of what was asked
 * @param outcome whether it gave a result or failed
 * @param value the result, or the failure's description
 */
public record JournalEntry(
    AgentId agent,
    AgentPhase phase,
    int attempt,
    int ordinal,
    String kind,
    Digest request,
    Outcome outcome,
    Payload value) {

  /** Whether a recorded call gave a result. */
  public enum Outcome {
    OK,
    FAILED
  }

  public JournalEntry {
    requireNonNull(agent, "agent");
    requireNonNull(phase, "phase");
    requireNonNull(kind, "kind");
    requireNonNull(request, "request");
    requireNonNull(outcome, "outcome");
    requireNonNull(value, "value");
  }
}

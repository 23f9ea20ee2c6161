// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent that was revoked or failed leaves to whoever goes on.
 *
 * @param id unique within the run: {@code <agent>/handoff}; there is at most one for an agent
 * @param from the agent that left
 * @param cause why it left
 * @param phase where it was
 * @param outputs what it had produced, in order
 * @param openProposals ids of its proposals that were open; they keep their author
 * @param unread messages it had not read
 * @param depth 1 for a handoff of an original agent, 2 for one of its successor; no deeper
 * @param state open, claimed or given up
 * @param claimedBy who took it over, if anybody did
 * @param at when it was created
 */
public record Handoff(
    String id,
    AgentId from,
    String cause,
    @Nullable AgentPhase phase,
    List<AgentOutput> outputs,
    List<String> openProposals,
    List<AgentMessage> unread,
    int depth,
    State state,
    @Nullable AgentId claimedBy,
    Instant at) {

  /** The longest chain of successions. */
  public static final int MAX_DEPTH = 2;

  /** Who has it. */
  public enum State {
    OPEN,
    CLAIMED,
    /** Nobody was left to take it; it is listed in the result. */
    UNCLAIMED
  }

  public Handoff {
    requireNonNull(id, "id");
    requireNonNull(from, "from");
    requireNonNull(cause, "cause");
    outputs = List.copyOf(outputs);
    openProposals = List.copyOf(openProposals);
    unread = List.copyOf(unread);
    requireNonNull(state, "state");
    requireNonNull(at, "at");
  }

  /** The same handoff taken over by {@code agent}. */
  public Handoff claimed(AgentId agent) {
    return new Handoff(
        id, from, cause, phase, outputs, openProposals, unread, depth, State.CLAIMED, agent, at);
  }

  /** The same handoff given up. */
  public Handoff unclaimed() {
    return new Handoff(
        id, from, cause, phase, outputs, openProposals, unread, depth, State.UNCLAIMED, null, at);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatRequest;
import java.util.OptionalLong;

/**
 * One call of a {@link ScriptedModel} as it was when asked for. Immutable.
 *
 * @param number which call of the model it is, beginning with 1
 * @param run the run
 * @param agent the agent that asked
 * @param role its role
 * @param phase its phase
 * @param turn which model call of the agent in this phase; a retry has the same
 * @param request what was asked
 * @param started when it began, in ticks of the exchange's time source
 * @param finished when it ended, likewise; empty while it runs
 * @param end how it ended
 * @param aborted whether its exchange was aborted before it ended
 */
public record ScriptedCall(
    long number,
    RunId run,
    AgentId agent,
    AgentRole role,
    AgentPhase phase,
    int turn,
    ChatRequest request,
    long started,
    OptionalLong finished,
    End end,
    boolean aborted) {

  /** How a call ended. */
  public enum End {
    /** It has not. */
    RUNNING,
    /** With a reply, wanted or not. */
    REPLIED,
    /** With an error. */
    FAILED,
    /** It was interrupted. */
    INTERRUPTED
  }

  public ScriptedCall {
    requireNonNull(run, "run");
    requireNonNull(agent, "agent");
    requireNonNull(role, "role");
    requireNonNull(phase, "phase");
    requireNonNull(request, "request");
    requireNonNull(finished, "finished");
    requireNonNull(end, "end");
  }

  /** Shows who asked and how it ended, never the content. */
  @Override
  public String toString() {
    return "#"
        + number
        + " "
        + agent
        + " "
        + phase
        + " turn "
        + turn
        + " "
        + end
        + (aborted ? " aborted" : "");
  }
}

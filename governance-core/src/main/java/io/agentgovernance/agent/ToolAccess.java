// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.payload.Payload;

/** An agent's way to its tools: every call is checked, recorded and bounded. */
public interface ToolAccess {

  /**
   * Calls a tool and blocks until it is done.
   *
   * @param name a tool granted to the agent
   * @param input what the tool takes: a record, a map, or a {@link Payload}
   * @throws DeniedException if the tool is not granted, or a policy or the ledger refuses
   * @throws ToolFailedException if the tool failed
   * @throws AgentStoppedException if the agent may not act any more
   */
  Payload call(String name, Object input);

  /** Calls a tool and reads its result. */
  default <T> T call(String name, Object input, Class<T> output) {
    return call(name, input).read(output);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.coordination.Handoff;
import java.util.Optional;

/**
 * Makes a successor when an agent left work behind and no partner is active to take it over.
 *
 * <p>Thread safe; must not block. What it throws counts as no successor.
 */
@FunctionalInterface
public interface AgentFactory {

  /**
   * A successor for {@code failed}, or empty for none. Called at most twice along one chain of
   * successions.
   */
  Optional<Agent> successor(Agent failed, Handoff handoff);

  /** No successors: what nobody takes over is listed in the result. */
  static AgentFactory none() {
    return (failed, handoff) -> Optional.empty();
  }
}

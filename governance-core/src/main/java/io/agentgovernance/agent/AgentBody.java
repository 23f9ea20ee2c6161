// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import org.jspecify.annotations.Nullable;

/**
 * What an agent does in one phase.
 *
 * <p>Must be deterministic between the calls it makes on its context: after a suspension or a crash
 * it is run again from its top, and the recorded results of those calls are given to it instead of
 * making them again. Clocks and randomness come from {@link AgentContext#now()} and {@link
 * AgentContext#random()}; anything else of that sort goes into {@link AgentContext#step}.
 *
 * <p>It runs on the agent's own thread, may block, and should let an interrupt end it. What it
 * throws counts as an error of the agent.
 *
 * @param <T> the type of the output
 */
@FunctionalInterface
public interface AgentBody<T> {

  /** Does the work and returns the phase's output, or null for none. */
  @Nullable T run(AgentContext context) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
/**
 * What a host writes: its agents, their team, and how the team comes to a result.
 *
 * <p>Start with {@link io.agentgovernance.agent.Agent} and {@link io.agentgovernance.agent.Team};
 * what an agent can do is in {@link io.agentgovernance.agent.AgentContext}.
 */
@NullMarked
package io.agentgovernance.agent;

import org.jspecify.annotations.NullMarked;

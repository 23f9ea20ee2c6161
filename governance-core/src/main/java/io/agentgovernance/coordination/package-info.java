// SPDX-License-Identifier: Apache-2.0
/**
 * What the agents of one run share and what decides between them: blackboard, messages, proposals
 * and ballots, error tallies, reservations, handoffs, approvals.
 *
 * <p>Start with {@link io.agentgovernance.coordination.Blackboard} and {@link
 * io.agentgovernance.coordination.MessageBus}. Whoever writes a backend implements {@link
 * io.agentgovernance.spi.Coordination}, which applies {@link
 * io.agentgovernance.coordination.Command}s atomically.
 */
@NullMarked
package io.agentgovernance.coordination;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary: phases, statuses, ids, budgets, tiers, key names. Defined here once and used
 * everywhere.
 *
 * <p>Start with {@link AgentPhase} and {@link PipelineStatus}. Wire names are a contract that only
 * grows.
 */
@NullMarked
package io.agentgovernance.core;

import org.jspecify.annotations.NullMarked;

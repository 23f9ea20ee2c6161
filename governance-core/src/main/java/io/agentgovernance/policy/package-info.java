// SPDX-License-Identifier: Apache-2.0
/**
 * Decides whether an agent's action may proceed.
 *
 * <p>Start with {@link io.agentgovernance.policy.Policy}, which gives a {@link
 * io.agentgovernance.policy.Verdict} on an {@link io.agentgovernance.policy.Action}.
 */
@NullMarked
package io.agentgovernance.policy;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0

/**
 * What stands between an agent and the world: the policy chain, model routes with their breakers,
 * retries and fallback, and the small detectors around them.
 *
 * <p>Start with {@link io.agentgovernance.internal.calls.PolicyChain} and {@link
 * io.agentgovernance.internal.calls.ModelRouter}.
 */
@NullMarked
package io.agentgovernance.internal.calls;

import org.jspecify.annotations.NullMarked;

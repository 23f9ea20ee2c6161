// SPDX-License-Identifier: Apache-2.0
/**
 * What agents may do to the world: typed functions of the host, called only through an agent's
 * context and under policy, budget and ledger.
 *
 * <p>Start with {@link io.agentgovernance.tool.Tool}.
 */
@NullMarked
package io.agentgovernance.tool;

import org.jspecify.annotations.NullMarked;

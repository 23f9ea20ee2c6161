// SPDX-License-Identifier: Apache-2.0
/**
 * How a URI becomes a model, a ledger or a store. Start with {@link
 * io.agentgovernance.internal.providers.ProviderUri}, then {@link
 * io.agentgovernance.internal.providers.Providers}.
 */
@NullMarked
package io.agentgovernance.internal.providers;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * Values that cross a border: to a model, a store, a ledger, another agent.
 *
 * <p>Start with {@link Payload}; describe one with {@link Schema}; compare two by {@link Digest}.
 * Only JSON's own kinds of value exist here, so that whatever is stored can be read by any program.
 */
@NullMarked
package io.agentgovernance.payload;

import org.jspecify.annotations.NullMarked;

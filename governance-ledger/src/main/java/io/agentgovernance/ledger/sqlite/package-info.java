// SPDX-License-Identifier: Apache-2.0
/**
 * An audit ledger in one SQLite file: durable before it is acknowledged, hash-chained, anchored by
 * signatures outside the file.
 *
 * <p>Start with {@link io.agentgovernance.ledger.sqlite.SqliteLedger}, or name it by URI: {@code
 * sqlite:<path>}.
 */
@NullMarked
package io.agentgovernance.ledger.sqlite;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/**
 * What the audit ledger stores and answers: entries linked by hashes, queries, and the result of a
 * verification.
 *
 * <p>Start with {@link io.agentgovernance.ledger.LedgerEntry}. The ledger itself is {@link
 * io.agentgovernance.spi.AuditLedger}, opened by URI ({@code memory:}, {@code sqlite:<path>}). The
 * ledger is evidence: it verifies and never decides.
 */
@NullMarked
package io.agentgovernance.ledger;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import io.agentgovernance.GovernanceException;

/**
 * An idempotency key was used again for something else. Nothing was written; the first entry
 * stands. Not retryable: it is a mistake in how keys are made, or a replay that diverged.
 */
public class LedgerConflictException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final LedgerReceipt first;

  /** Makes the exception for {@code draft}, whose key {@code first} already has. */
  public LedgerConflictException(LedgerDraft draft, LedgerEntry first) {
    super(
        "ledger of run %s: idempotency key '%s' is taken by entry %d of type %s with other content; found a new one of type %s. Give each fact its own key, and append the same draft when you repeat it."
            .formatted(
                draft.run(), draft.idempotencyKey(), first.sequence(), first.type(), draft.type()));
    this.first = first.receipt();
  }

  /** Returns the receipt of the entry that has the key. */
  public LedgerReceipt first() {
    return first;
  }
}

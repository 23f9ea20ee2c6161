// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.WriteQueue;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.time.TimeSource;

/** The drafts that wait to be written to a ledger. Thread safe. */
final class AppendQueue extends WriteQueue<Pending> {
  private final String ledger;

  AppendQueue(String ledger, TimeSource time) {
    super(time);
    this.ledger = ledger;
  }

  @Override
  protected int sizeOf(Pending pending) {
    return pending.body().length;
  }

  @Override
  protected LedgerUnavailableException busy(String why, int items, long bytes) {
    return new LedgerUnavailableException(
        Reason.BUSY,
        "ledger %s: %s; %d entries of %d bytes wait to be written. Try again, start fewer runs at a time, or use a faster disk."
            .formatted(ledger, why, items, bytes));
  }

  @Override
  protected LedgerUnavailableException closed() {
    return new LedgerUnavailableException(
        Reason.CLOSED,
        "ledger %s is closed. Open it again to append or to read.".formatted(ledger));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What is wrong with the appends of a {@link FaultyLedger}. Immutable. */
public sealed interface LedgerFault {
  /** Nothing: appends go through. */
  record None() implements LedgerFault {}

  /**
   * Every append fails with {@code LedgerUnavailableException}, reason FAILED; nothing is written.
   */
  record Unavailable() implements LedgerFault {}

  /**
   * Every append is held back, not written, until {@link FaultyLedger#releaseHung} or {@link
   * FaultyLedger#close}.
   */
  record Hang() implements LedgerFault {}

  /** Every append throws at once instead of returning a future, as a faulty ledger may. */
  record ThrowOnAppend() implements LedgerFault {}

  /**
   * Every append is written, but its acknowledgement is lost: it fails with {@code
   * LedgerUnavailableException}.
   */
  record LostAcknowledgement() implements LedgerFault {}

  /**
   * Every append is written, and acknowledged later.
   *
   * @param delay how much later, by the time source of the ledger
   */
  record Slow(Duration delay) implements LedgerFault {
    public Slow {
      requireNonNull(delay, "delay");
    }
  }

  /**
   * Appends of one type fail as {@link Unavailable}; others go through.
   *
   * @param type the entry type
   */
  record FailOnType(String type) implements LedgerFault {
    public FailOnType {
      requireNonNull(type, "type");
    }
  }

  /**
   * The next appends go through, those after them fail as {@link Unavailable}.
   *
   * @param appends how many go through, 0 or more
   */
  record FailAfter(int appends) implements LedgerFault {
    public FailAfter {
      if (appends < 0) {
        throw new IllegalArgumentException("appends must be >= 0 but was " + appends);
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * The ledger did not acknowledge an entry, or cannot answer. The governed action is denied.
 *
 * <p>Whether the entry was written may be unknown, for instance if the acknowledgement was lost:
 * appending the same draft again is safe, because its idempotency key makes it the same entry.
 */
public class LedgerUnavailableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  /** Why the ledger is unavailable. */
  public enum Reason {
    /** Too much is waiting to be written; may pass. */
    BUSY,

    /** The store failed, for instance a full disk; may pass without a restart. */
    FAILED,

    /** A limit on what this ledger holds is reached; does not pass by itself. */
    FULL,

    /** The ledger was closed. */
    CLOSED
  }

  private final Reason reason;

  /** Makes an exception without a cause. */
  public LedgerUnavailableException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** Makes an exception that keeps its cause, if there is one. */
  public LedgerUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** True for {@link Reason#BUSY} and {@link Reason#FAILED}. */
  @Override
  public boolean retryable() {
    return reason == Reason.BUSY || reason == Reason.FAILED;
  }
}

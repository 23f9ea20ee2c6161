// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.LedgerUnavailableException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Another process has the ledger open for writing. Retryable: it may close it. Instances are
 * immutable apart from what {@link Throwable} allows.
 */
public final class LedgerLockedException extends LedgerUnavailableException {
  private static final long serialVersionUID = 1L;

  private final String ledger;
  private final long pid;

  LedgerLockedException(Path ledger, long pid, String holder) {
    super(
        Reason.BUSY,
        "ledger %s: locked by %s. One process writes a ledger at a time: stop that one, give this one a file of its own, or read with SqliteLedger.verify."
            .formatted(ledger, holder));
    this.ledger = requireNonNull(ledger, "ledger").toString();
    this.pid = pid;
  }

  /** Returns the ledger's file. */
  public Path ledger() {
    return Path.of(ledger);
  }

  /** Returns the process that holds the ledger; empty if it did not say. */
  public OptionalLong pid() {
    return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }
}

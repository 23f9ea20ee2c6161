// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

/**
 * How an open ledger is doing, for metrics and health checks. Immutable; a new one is cheap.
 *
 * @param state what the writer last did
 * @param queued drafts that wait to be written
 * @param logBytes size of the write-ahead log when it was last looked at
 * @param logWarnings how often, since it was opened, a reader has kept the write-ahead log from
 *     being reused: see {@link SqliteLedgerBuilder#maxLogBytes}
 */
public record LedgerHealth(State state, int queued, long logBytes, long logWarnings) {
  public LedgerHealth {
    requireNonNull(state, "state");
  }

  /** What the writer last did. */
  public enum State {
    /** It writes. */
    WRITING,

    /** Its last commit failed; the next append tries again. */
    FAILED,

    /** It was closed. */
    CLOSED
  }
}

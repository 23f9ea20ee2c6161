// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;

/** Refuses versions of SQLite in which a write-ahead log may be reset wrongly. */
final class SqliteVersion {
  private SqliteVersion() {}

  /**
   * Checks what {@code sqlite_version()} answered.
   *
   * @throws LedgerUnavailableException if it is too old
   */
  static void check(String found) {
    Sqlite.tooOld(found)
        .ifPresent(
            why -> {
              throw new LedgerUnavailableException(Reason.FAILED, why);
            });
  }
}

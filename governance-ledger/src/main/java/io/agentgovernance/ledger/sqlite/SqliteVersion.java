// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.util.regex.Pattern;

/** Refuses versions of SQLite in which a write-ahead log may be reset wrongly. */
final class SqliteVersion {
  private static final int[] OLDEST = {3, 51, 3};
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4}).*");

  private SqliteVersion() {}

  /**
   * Checks what {@code sqlite_version()} answered.
   *
   * @throws LedgerUnavailableException if it is too old
   */
  static void check(String found) {
    var version = FORM.matcher(found);
    for (int i = 0; i < OLDEST.length; i++) {
      int part = version.matches() ? Integer.parseInt(version.group(i + 1)) : -1;
      if (part > OLDEST[i]) {
        return;
      }
      if (part < OLDEST[i]) {
        throw new LedgerUnavailableException(
            Reason.FAILED,
            "SQLite: found version %s, expected 3.51.3 or newer, because older ones can lose what was committed. Set the Maven property sqlite-jdbc.version to 3.54.1.0 if Spring Boot manages org.xerial:sqlite-jdbc, or import governance-bom's version of it."
                .formatted(found));
      }
    }
  }
}

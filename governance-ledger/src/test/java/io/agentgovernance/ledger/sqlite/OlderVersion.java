// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/** Makes files of version 1 out of those of today: the same entries in the tables of then. */
final class OlderVersion {
  private OlderVersion() {}

  static void one(Path file) throws SQLException {
    Ledgers.sql(
        file,
        "DROP TRIGGER entry_no_update",
        "DROP TRIGGER entry_no_delete",
        "DROP TRIGGER entry_next",
        "ALTER TABLE entry RENAME TO later",
        """
        CREATE TABLE entry (
          seq INTEGER PRIMARY KEY,
          at_second INTEGER NOT NULL,
          at_nano INTEGER NOT NULL,
          tenant TEXT NOT NULL,
          run TEXT NOT NULL,
          agent TEXT,
          type TEXT NOT NULL,
          schema INTEGER NOT NULL,
          idem TEXT NOT NULL,
          body BLOB NOT NULL,
          prev BLOB NOT NULL,
          hash BLOB NOT NULL,
          UNIQUE (tenant, run, idem)
        ) STRICT""",
        "CREATE INDEX entry_run ON entry (run)",
        "INSERT INTO entry SELECT * FROM later ORDER BY seq",
        "DROP TABLE later",
        "DROP TABLE entry_by_key",
        "DROP TABLE entry_by_run",
        "DELETE FROM ledger WHERE name = 'indexed'",
        "DELETE FROM schema_version WHERE version > 1");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Signs the end of a copy only after the chain showed that it leads to what the writer has in its
 * hands: so a copy of a changed file gets no signature it could hide behind.
 */
final class BackupSigner implements LedgerBackup.EndSigner {
  private final LedgerStore store;
  private final AnchorMaker anchors;

  BackupSigner(LedgerStore store, AnchorMaker anchors) {
    this.store = store;
    this.anchors = anchors;
  }

  @Override
  public void sign(AnchorLog log, Head end)
      throws SQLException, IOException, GeneralSecurityException {
    Optional<Head> known = store.anchorNow();
    if (end.sequence() > 0 && known.isPresent() && leadsTo(end, known.get())) {
      log.append(anchors.sign(end));
    }
  }

  /** Recomputes the live chain from one entry on. */
  private boolean leadsTo(Head from, Head known) throws SQLException {
    try (Connection connection = Connections.toRead(store.path())) {
      if (new ChainScan(connection).after(from).to(known.sequence()) != null) {
        return false;
      }
      byte[] stored = Entries.hashOf(connection, known.sequence());
      return stored != null && Arrays.equals(stored, known.hash().bytes());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Copies a ledger that is being written, with the anchors that fit the copy and one more for its
 * end. That one is signed only after the chain showed that the copy's end leads to what the writer
 * has in its hands: so a copy of a changed file gets no signature it could hide behind.
 */
final class LedgerBackup {
  private final LedgerStore store;
  private final AnchorMaker anchors;

  LedgerBackup(LedgerStore store, AnchorMaker anchors) {
    this.store = store;
    this.anchors = anchors;
  }

  Verification to(Path target) {
    LedgerPath copy = LedgerPath.toWrite(target);
    if (Files.exists(copy.file()) || Files.exists(copy.anchors())) {
      throw new BadInputException(
          "target of a backup",
          "'" + target + "', which exists",
          "a file that does not exist yet",
          "Name another file, or move that one away");
    }
    try {
      copyTo(copy);
      Head end = endOf(copy);
      copyAnchors(copy, end);
      LedgerLock.syncFolder(copy.folder());
      return new LedgerCheck(copy, List.of(), store.keys()).run();
    } catch (SQLException | IOException | GeneralSecurityException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: could not be copied to %s: %s. Make room there, remove what was begun, and try again."
              .formatted(store.path(), target, e.getMessage()),
          e);
    }
  }

  private void copyTo(LedgerPath copy) throws SQLException, IOException {
    try (Connection connection = Connections.toRead(store.path());
        var vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      vacuum.setString(1, copy.file().toString());
      vacuum.executeUpdate();
    }
    // Nobody has the copy open yet, so this takes no lock from SQLite.
    try (FileChannel channel = FileChannel.open(copy.file(), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static Head endOf(LedgerPath copy) throws SQLException {
    try (Connection connection = Connections.toRead(copy)) {
      return Entries.head(connection);
    }
  }

  private void copyAnchors(LedgerPath copy, Head end)
      throws SQLException, IOException, GeneralSecurityException {
    try (AnchorLog log = AnchorLog.open(copy.anchors())) {
      AnchorLog.read(
          store.path().anchors(),
          (line, anchor) -> {
            if (anchor.sequence() <= end.sequence()) {
              log.append(anchor);
            }
          });
      Optional<Head> known = store.anchorNow();
      if (end.sequence() > 0 && known.isPresent() && leadsTo(end, known.get())) {
        log.append(anchors.sign(end));
      }
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

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
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Copies a ledger that may be written meanwhile, with the anchors that fit the copy. */
final class LedgerBackup {
  private final LedgerPath source;
  private final List<PublicKey> trusted;
  private final EndSigner signer;

  /** Adds an anchor for the end of a copy, if it can vouch for it. */
  @FunctionalInterface
  interface EndSigner {
    /** Vouches for nothing. */
    EndSigner NONE = (log, end) -> {};

    void sign(AnchorLog log, Head end) throws SQLException, IOException, GeneralSecurityException;
  }

  LedgerBackup(LedgerPath source, List<PublicKey> trusted, EndSigner signer) {
    this.source = source;
    this.trusted = trusted;
    this.signer = signer;
  }

  Verification to(Path target, LedgerProgress progress) {
    LedgerPath copy = LedgerPath.toWrite(target);
    if (Files.exists(copy.file()) || Files.exists(copy.anchors())) {
      throw new BadInputException(
          "target of a backup",
          "'" + target + "', which exists",
          "a file that does not exist yet",
          "Name another file, or move that one away");
    }
    try {
      long before = countAnchors();
      copyTo(copy);
      copyAnchors(copy, endOf(copy), before);
      LedgerLock.syncFolder(copy.folder());
      return new LedgerCheck(copy, List.of(), trusted).run(progress);
    } catch (SQLException | IOException | GeneralSecurityException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: could not be copied to %s: %s. Make room there, remove what was begun, and try again."
              .formatted(source, target, e.getMessage()),
          e);
    }
  }

  private long countAnchors() throws IOException {
    var lines = new AtomicLong();
    AnchorLog.read(source.anchors(), (line, anchor) -> lines.set(line));
    return lines.get();
  }

  private void copyTo(LedgerPath copy) throws SQLException, IOException {
    try (Connection connection = Connections.toRead(source);
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

  /**
   * Copies the anchors there were before, whatever they name, since the copy has to have what they
   * cover; of those made meanwhile only what fits it.
   */
  private void copyAnchors(LedgerPath copy, Head end, long before)
      throws SQLException, IOException, GeneralSecurityException {
    try (AnchorLog log = AnchorLog.open(copy.anchors())) {
      AnchorLog.read(
          source.anchors(),
          (line, anchor) -> {
            if (line <= before || anchor.sequence() <= end.sequence()) {
              log.appendForLater(anchor);
            }
          });
      log.force();
      signer.sign(log, end);
    }
  }
}

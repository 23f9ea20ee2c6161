// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.LocalFile;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a ledger is: one real path for all ways to write it, so that everybody finds the same lock.
 *
 * @param file the database, absolute and without symbolic links
 */
record LedgerPath(Path file) {

  /**
   * Finds the real path of a ledger to be written, which need not exist yet.
   *
   * @throws io.agentgovernance.BadInputException if it cannot be one
   * @throws LedgerUnavailableException if its folder cannot be used
   */
  static LedgerPath toWrite(Path given) {
    try {
      return new LedgerPath(
          LocalFile.toWrite(
              "ledger",
              "Put the ledger on a local disk and send its anchors elsewhere with an AnchorSink",
              given));
    } catch (IOException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED, "ledger " + given + ": its folder cannot be read: " + e + ".", e);
    }
  }

  /** Finds the real path of a ledger to be read. */
  static LedgerPath toRead(Path given) throws IOException {
    return new LedgerPath(given.toRealPath());
  }

  /** Says whether locks and shared memory of files on such a store cannot be relied on. */
  static boolean isNetwork(String type) {
    return LocalFile.isNetwork(type);
  }

  Path folder() {
    return LocalFile.folder(file);
  }

  Path anchors() {
    return LocalFile.beside(file, ".anchors");
  }

  Path lock() {
    return LocalFile.beside(file, ".lock");
  }

  Path log() {
    return LocalFile.beside(file, "-wal");
  }

  @Override
  public String toString() {
    return file.toString();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.internal.sqlite.ProcessLock;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/** The right to write a ledger; see {@link ProcessLock}. */
final class LedgerLock implements AutoCloseable {
  private final ProcessLock lock;

  private LedgerLock(ProcessLock lock) {
    this.lock = lock;
  }

  /**
   * Takes the lock; does not wait.
   *
   * @throws LedgerLockedException if somebody else has it
   */
  static LedgerLock take(LedgerPath path) {
    try {
      return new LedgerLock(ProcessLock.take(path.lock()));
    } catch (ProcessLock.HeldException e) {
      throw new LedgerLockedException(path.file(), e.pid(), e.holder());
    } catch (IOException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: its lock file %s cannot be used: %s. Make the folder writable."
              .formatted(path, path.lock(), e),
          e);
    }
  }

  @Override
  public void close() {
    lock.close();
  }

  /** Makes a new file's name as durable as its content. */
  static void syncFolder(Path folder) {
    ProcessLock.syncFolder(folder);
  }
}

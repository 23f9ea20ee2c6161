// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

/** Hears how far long work on a ledger's file has come. */
@FunctionalInterface
public interface LedgerProgress {
  /** Tells nobody. */
  LedgerProgress NONE = (done, total) -> {};

  /**
   * Says how far it is, a few times a second at most, on the thread that asked for the work.
   *
   * @param done entries done
   * @param total entries there were when the work began
   */
  void at(long done, long total);
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.ledger.Anchor;

/**
 * Keeps ledger heads where the ledger's own host cannot change them: another machine, a log
 * service, a notary.
 *
 * <p>A ledger calls it from a thread of its own, one anchor at a time and in order, and never waits
 * for it before it acknowledges an entry. An anchor that could not be kept is logged and followed
 * by the next one, which covers it too.
 */
@FunctionalInterface
public interface AnchorSink extends AutoCloseable {
  /**
   * Keeps an anchor. May block for a few seconds at most. The same anchor may come twice.
   *
   * @throws RuntimeException if it could not be kept
   */
  void anchor(Anchor anchor);

  /** Releases what it holds. Does nothing unless overridden. */
  @Override
  default void close() {}
}

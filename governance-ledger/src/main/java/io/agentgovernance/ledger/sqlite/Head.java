// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.payload.Digest;

/** The last entry of the chain. */
record Head(long sequence, Digest hash) {
  static final Head EMPTY = new Head(0, LedgerHash.GENESIS);

  @Override
  public String toString() {
    return "entry " + sequence + " with hash " + hash.prefix();
  }
}

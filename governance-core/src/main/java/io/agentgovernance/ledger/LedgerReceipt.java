// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Digest;

/**
 * Proof that an entry was written. Immutable.
 *
 * @param sequence the entry's place in its ledger, from 1
 * @param hash the entry's hash, which covers everything before it in its chain
 */
public record LedgerReceipt(long sequence, Digest hash) {
  public LedgerReceipt {
    requireNonNull(hash, "hash");
  }
}

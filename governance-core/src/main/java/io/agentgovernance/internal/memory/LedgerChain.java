// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.payload.Digest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one run. Guarded by the ledger's lock, except for what {@link #slice} gives away.
 */
final class LedgerChain {
  private static final int FIRST_CAPACITY = 16;

  private final Map<String, LedgerEntry> byKey = new HashMap<>();
  private @Nullable LedgerEntry[] entries = new LedgerEntry[FIRST_CAPACITY];

  /**
   * Kept apart from the entries: the places they had when written, so that a missing one can be
   * named.
   */
  private long[] sequences = new long[FIRST_CAPACITY];

  private int size;
  private Digest head = LedgerHash.GENESIS;

  int size() {
    return size;
  }

  /** Returns the hash of the last entry. */
  Digest head() {
    return head;
  }

  @Nullable LedgerEntry find(String idempotencyKey) {
    return byKey.get(idempotencyKey);
  }

  void add(LedgerEntry entry) {
    if (size == entries.length) {
      // New arrays: slices given away keep the old ones, whose elements never change again.
      entries = Arrays.copyOf(entries, size * 2);
      sequences = Arrays.copyOf(sequences, size * 2);
    }
    byKey.put(entry.idempotencyKey(), entry);
    entries[size] = entry;
    sequences[size] = entry.sequence();
    size++;
    head = entry.hash();
  }

  /**
   * Returns the chain as it is now; may be read without the lock, since its part of the arrays is
   * never written again.
   */
  LedgerSlice slice() {
    return new LedgerSlice(entries, sequences, size, head);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.payload.Digest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain at one moment. Immutable as long as nobody tampers with it. */
final class LedgerSlice {
  final @Nullable LedgerEntry[] entries;
  private final long[] sequences;
  private final int size;
  private final Digest head;

  LedgerSlice(@Nullable LedgerEntry[] entries, long[] sequences, int size, Digest head) {
    this.entries = entries;
    this.sequences = sequences;
    this.size = size;
    this.head = head;
  }

  int size() {
    return size;
  }

  LedgerEntry entry(int index) {
    return requireNonNull(entries[index], "entry");
  }

  /** Returns the index of the first entry with a higher sequence than this, or {@link #size}. */
  int indexAfter(long sequence) {
    int found = Arrays.binarySearch(sequences, 0, size, sequence);
    return found >= 0 ? found + 1 : -found - 1;
  }

  private long lastSequence() {
    return size == 0 ? 0 : sequences[size - 1];
  }

  /** Recomputes all chains of a ledger and answers for the whole. */
  static Verification verify(List<LedgerSlice> slices) {
    var hasher = new LedgerHash();
    Tampered first = null;
    long missing = 0;
    long entries = 0;
    for (var slice : slices) {
      var result = slice.verify(hasher);
      if (result instanceof Tampered found
          && (first == null || found.firstBadSequence() < first.firstBadSequence())) {
        first = found;
      } else if (result instanceof TailMissing tail) {
        missing += tail.missing();
      }
      entries += slice.size;
    }
    if (first != null) {
      return first;
    }
    return missing > 0 ? new TailMissing(missing) : new Ok(entries, newestHead(slices));
  }

  private static Digest newestHead(List<LedgerSlice> slices) {
    return slices.stream()
        .max(Comparator.comparingLong(LedgerSlice::lastSequence))
        .map(slice -> slice.head)
        .orElse(LedgerHash.GENESIS);
  }

  private Verification verify(LedgerHash hasher) {
    var expectedPrevious = LedgerHash.GENESIS;
    for (int i = 0; i < size; i++) {
      var entry = entries[i];
      if (entry == null) {
        return missingFrom(i);
      }
      if (entry.sequence() != sequences[i]) {
        return new Tampered(
            sequences[i], "found sequence %d in its place".formatted(entry.sequence()));
      }
      if (!entry.previous().equals(expectedPrevious)) {
        return new Tampered(
            sequences[i],
            "found previous hash %s, expected %s"
                .formatted(entry.previous().prefix(), expectedPrevious.prefix()));
      }
      var hash = hasher.hash(entry);
      if (!hash.equals(entry.hash())) {
        return new Tampered(
            sequences[i],
            "its content has hash %s, expected %s".formatted(hash.prefix(), entry.hash().prefix()));
      }
      expectedPrevious = hash;
    }
    if (!expectedPrevious.equals(head)) {
      return new Tampered(
          lastSequence(),
          "the chain ends in hash %s, expected %s"
              .formatted(expectedPrevious.prefix(), head.prefix()));
    }
    return new Ok(size, expectedPrevious);
  }

  private Verification missingFrom(int index) {
    for (int i = index + 1; i < size; i++) {
      if (entries[i] != null) {
        return new Tampered(sequences[index], "the entry is missing");
      }
    }
    return new TailMissing(size - index);
  }
}

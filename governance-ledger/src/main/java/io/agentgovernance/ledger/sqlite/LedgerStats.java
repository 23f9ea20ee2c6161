// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a ledger's file holds, in numbers. Counting is not verifying: nothing is said about whether
 * it is as it was written. Immutable.
 *
 * @param ledgerId its name, which its anchors carry
 * @param schemaVersion the version of its tables
 * @param entries how many
 * @param runs how many different runs they belong to
 * @param types how many of each type, in the order of their names
 * @param firstAt when the first one happened, null if there is none
 * @param lastAt when the last one happened, null if there is none
 * @param fileBytes size of the database
 * @param logBytes size of the write-ahead log beside it
 * @param anchors how many anchors are beside it, torn ones aside
 * @param anchoredSequence the highest sequence an anchor names, 0 if there is none
 * @param anchoredAt when that anchor was made, null if there is none
 */
public record LedgerStats(
    String ledgerId,
    int schemaVersion,
    long entries,
    long runs,
    SortedMap<String, Long> types,
    @Nullable Instant firstAt,
    @Nullable Instant lastAt,
    long fileBytes,
    long logBytes,
    long anchors,
    long anchoredSequence,
    @Nullable Instant anchoredAt) {
  public LedgerStats {
    requireNonNull(ledgerId, "ledgerId");
    types = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(types)));
  }
}

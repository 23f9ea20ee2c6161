// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;

/**
 * A part of the answer to a {@link LedgerQuery}. Immutable.
 *
 * @param entries in order of their sequence
 * @param next if more entries matched, what to give to {@link LedgerQuery#after} for the next page
 */
public record LedgerPage(List<LedgerEntry> entries, OptionalLong next) {
  public LedgerPage {
    entries = List.copyOf(entries);
    requireNonNull(next, "next");
  }
}

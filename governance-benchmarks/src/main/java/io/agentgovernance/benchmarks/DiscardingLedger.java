// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A ledger that forgets, so that the runtime can be measured without one. The runtime does not know
 * and makes every entry it would make for another. Thread safe.
 */
final class DiscardingLedger implements AuditLedger {

  private static final CompletableFuture<LedgerReceipt> WRITTEN =
      CompletableFuture.completedFuture(new LedgerReceipt(1, LedgerHash.GENESIS));

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    return WRITTEN;
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public Verification verify() {
    return new Verification.Unreadable("nothing is kept");
  }

  @Override
  public LedgerPage query(LedgerQuery query) {
    return new LedgerPage(List.of(), OptionalLong.empty());
  }

  @Override
  public void close() {}
}

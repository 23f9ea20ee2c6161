// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A ledger in memory that forgets nothing, so that a test can look at it after a run. */
final class KeptLedger implements AuditLedger {
  private final MemoryLedger real = new MemoryLedger();

  /** The types of a run's entries in their order. */
  List<String> types(RunId run) {
    LedgerQuery query = LedgerQuery.builder().run(run).limit(LedgerQuery.MAX_LIMIT).build();
    return real.query(query).entries().stream().map(LedgerEntry::type).toList();
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    return real.append(draft);
  }

  @Override
  public Durability durability() {
    return real.durability();
  }

  @Override
  public Verification verify() {
    return real.verify();
  }

  @Override
  public LedgerPage query(LedgerQuery query) {
    return real.query(query);
  }

  @Override
  public void release(TenantId tenant, RunId run) {}

  @Override
  public void close() {}
}

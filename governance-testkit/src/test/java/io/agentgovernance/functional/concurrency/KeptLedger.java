// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.spi.ForwardingLedger;
import java.util.List;

/** A ledger in memory that forgets nothing, so that a test can look at it after a run. */
final class KeptLedger extends ForwardingLedger {
  KeptLedger() {
    super(new MemoryLedger());
  }

  /** The types of a run's entries in their order. */
  List<String> types(RunId run) {
    LedgerQuery query = LedgerQuery.builder().run(run).limit(LedgerQuery.MAX_LIMIT).build();
    return query(query).entries().stream().map(LedgerEntry::type).toList();
  }

  @Override
  public void release(TenantId tenant, RunId run) {}

  @Override
  public void close() {}
}

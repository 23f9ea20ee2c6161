// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.util.concurrent.CompletableFuture;

/** A right ledger, to be made wrong in one place. */
class WrappedLedger implements AuditLedger {
  final AuditLedger real;

  WrappedLedger(AuditLedger real) {
    this.real = real;
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
  public void release(TenantId tenant, RunId run) {
    real.release(tenant, run);
  }

  @Override
  public void close() {
    real.close();
  }
}

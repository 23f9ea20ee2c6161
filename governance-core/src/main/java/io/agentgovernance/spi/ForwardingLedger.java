// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import java.util.concurrent.CompletableFuture;

/**
 * A ledger that passes every call on to another: the base of one that changes a few. A method that
 * is added to {@link AuditLedger} is passed on here, too. Thread safe if the other is; it adds no
 * waiting of its own. Whose {@link #append} waits for something says so by {@link #isPrompt}.
 */
public abstract class ForwardingLedger implements AuditLedger {
  private final AuditLedger real;

  /** Passes on to this one, and closes it when it is closed. */
  protected ForwardingLedger(AuditLedger real) {
    this.real = requireNonNull(real, "real");
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    return real.append(draft);
  }

  @Override
  public boolean isPrompt() {
    return real.isPrompt();
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

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.Ledgers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A ledger in memory that keeps the entries of runs that have ended. Thread safe. */
final class KeptLedger implements AuditLedger {
  private final AuditLedger real = Ledgers.memory();
  private final Durability durability;

  KeptLedger() {
    this(Durability.MEMORY);
  }

  /** A ledger that says it is as durable as this. */
  KeptLedger(Durability durability) {
    this.durability = durability;
  }

  List<LedgerEntry> entries() {
    return real.query(LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT).build()).entries();
  }

  List<LedgerEntry> entries(String type) {
    return entries().stream().filter(entry -> entry.type().equals(type)).toList();
  }

  static String field(LedgerEntry entry, String name) {
    return entry.body().at("/" + name).map(value -> value.text()).orElse("");
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    return real.append(draft);
  }

  @Override
  public Durability durability() {
    return durability;
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
    // the tests read what is left of a run
  }

  @Override
  public void close() {
    real.close();
  }
}

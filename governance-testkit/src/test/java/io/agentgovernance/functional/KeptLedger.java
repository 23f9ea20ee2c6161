// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.spi.ForwardingLedger;
import io.agentgovernance.testkit.Ledgers;
import java.util.List;

/** A ledger in memory that keeps the entries of runs that have ended. Thread safe. */
final class KeptLedger extends ForwardingLedger {
  private final Durability durability;

  KeptLedger() {
    this(Durability.MEMORY);
  }

  /** A ledger that says it is as durable as this. */
  KeptLedger(Durability durability) {
    super(Ledgers.memory());
    this.durability = durability;
  }

  List<LedgerEntry> entries() {
    return query(LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT).build()).entries();
  }

  List<LedgerEntry> entries(String type) {
    return entries().stream().filter(entry -> entry.type().equals(type)).toList();
  }

  static String field(LedgerEntry entry, String name) {
    return entry.body().at("/" + name).map(value -> value.text()).orElse("");
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public void release(TenantId tenant, RunId run) {
    // the tests read what is left of a run
  }
}

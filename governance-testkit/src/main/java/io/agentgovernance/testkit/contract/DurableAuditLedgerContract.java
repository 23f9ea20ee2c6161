// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.LedgerDrafts.append;
import static io.agentgovernance.testkit.contract.LedgerDrafts.appendNotes;
import static io.agentgovernance.testkit.contract.LedgerDrafts.assertFails;
import static io.agentgovernance.testkit.contract.LedgerDrafts.assertWhole;
import static io.agentgovernance.testkit.contract.LedgerDrafts.note;
import static io.agentgovernance.testkit.contract.LedgerDrafts.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.spi.AuditLedger;
import org.junit.jupiter.api.Test;

/** What every {@link AuditLedger} must do that outlives its process. */
public abstract class DurableAuditLedgerContract extends AuditLedgerContract {
  /** For subclasses. */
  protected DurableAuditLedgerContract() {}

  /**
   * Opens the ledger that {@link #open} returned last, after it was closed. The contract closes it.
   */
  protected abstract AuditLedger reopen();

  @Test
  void itPromisesMoreThanMemory() {
    assertThat(ledger.durability().atLeast(Durability.PROCESS_CRASH)).isTrue();
  }

  @Test
  void acknowledgedEntriesAreThereAfterReopening() {
    appendNotes(ledger, 20);
    var before = readAll(ledger, LedgerQuery.all());

    closeAndReopen();

    assertThat(readAll(ledger, LedgerQuery.all())).isEqualTo(before);
    assertWhole(ledger, 20);
  }

  @Test
  void theChainGoesOnAfterReopening() {
    var last = appendNotes(ledger, 3).get(2);

    closeAndReopen();

    assertThat(append(ledger, note("next")).sequence()).isEqualTo(4);
    var next = ledger.query(LedgerQuery.all().after(3)).entries().get(0);
    assertThat(next.previous()).isEqualTo(last.hash());
    assertWhole(ledger, 4);
  }

  @Test
  void keysAreRememberedAfterReopening() {
    var second = appendNotes(ledger, 2).get(1);

    closeAndReopen();

    assertThat(append(ledger, note("k2"))).isEqualTo(second);
    assertFails(
        ledger.append(note("k1").withAgent(AgentId.parse("run-1-alpha"))),
        LedgerConflictException.class);
    assertWhole(ledger, 2);
  }

  private void closeAndReopen() {
    ledger.close();
    ledger = reopen();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.contract.AuditLedgerContract;
import io.agentgovernance.time.TimeSource;

/** Without a fault it is a ledger like any other. */
class HealthyFaultyLedgerTest extends AuditLedgerContract {
  @Override
  protected AuditLedger open() {
    return new FaultyLedger(Ledgers.memory(), TimeSource.system());
  }
}

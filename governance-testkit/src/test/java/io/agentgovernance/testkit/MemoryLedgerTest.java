// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.contract.AuditLedgerContract;

class MemoryLedgerTest extends AuditLedgerContract {
  @Override
  protected AuditLedger open() {
    return Ledgers.memory();
  }
}

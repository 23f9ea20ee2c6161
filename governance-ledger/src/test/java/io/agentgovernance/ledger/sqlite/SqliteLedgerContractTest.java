// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.contract.DurableAuditLedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerContractTest extends DurableAuditLedgerContract {
  @TempDir Path folder;

  @Override
  protected AuditLedger open() {
    return Ledgers.builder(folder).open();
  }

  @Override
  protected AuditLedger reopen() {
    return open();
  }
}

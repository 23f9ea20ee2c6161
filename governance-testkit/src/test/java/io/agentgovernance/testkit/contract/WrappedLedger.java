// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.ForwardingLedger;

/** A right ledger, to be made wrong in one place. */
class WrappedLedger extends ForwardingLedger {
  final AuditLedger real;

  WrappedLedger(AuditLedger real) {
    super(real);
    this.real = real;
  }
}

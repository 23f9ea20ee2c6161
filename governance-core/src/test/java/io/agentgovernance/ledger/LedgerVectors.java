// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;

/** Makes entries from their columns. */
abstract class LedgerVectors {
  static LedgerEntry with(
      long sequence,
      Instant at,
      String tenant,
      String run,
      String agent,
      String type,
      int schema,
      String key,
      String body,
      Digest previous) {
    return new LedgerEntry(
        sequence,
        at,
        TenantId.parse(tenant),
        RunId.parse(run),
        agent == null ? null : AgentId.parse(agent),
        type,
        schema,
        key,
        Payload.json(body),
        previous,
        LedgerHash.GENESIS);
  }
}

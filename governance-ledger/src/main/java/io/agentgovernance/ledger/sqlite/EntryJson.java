// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.payload.Payload;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An entry as one line of JSON, for export. All that is hashed is in it, so that the hash can be
 * recomputed from the line alone. Fields are only ever added. Thread safe.
 */
public final class EntryJson {
  private EntryJson() {}

  /**
   * Returns canonical JSON on one line: {@code sequence}, {@code at} in ISO 8601, {@code tenant},
   * {@code run}, {@code agent} or null, {@code type}, {@code schema}, {@code idempotency_key},
   * {@code body}, {@code previous} and {@code hash} in hexadecimal.
   */
  public static String of(LedgerEntry entry) {
    var fields = new TreeMap<String, @Nullable Object>();
    AgentId agent = entry.agent();
    fields.put("sequence", entry.sequence());
    fields.put("at", entry.at().toString());
    fields.put("tenant", entry.tenant().value());
    fields.put("run", entry.run().value());
    fields.put("agent", agent == null ? null : agent.value());
    fields.put("type", entry.type());
    fields.put("schema", entry.schema());
    fields.put("idempotency_key", entry.idempotencyKey());
    fields.put("body", entry.body());
    fields.put("previous", entry.previous().hex());
    fields.put("hash", entry.hash().hex());
    return Payload.of(fields).json();
  }
}

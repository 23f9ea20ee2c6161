// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One written entry, linked to the one before it in its chain. Immutable.
 *
 * <p>A ledger has one chain, or one for each run; either way sequences are unique in the ledger and
 * grow along every chain. Making an instance does not check its hash: see {@link
 * LedgerHash#of(LedgerEntry)}.
 *
 * @param sequence place in the ledger, from 1 and without gaps
 * @param at when it happened, by the writer's clock; not necessarily growing with the sequence
 * @param tenant the tenant the run belongs to
 * @param run the run it belongs to
 * @param agent the agent that acted, or null if it was the run itself
 * @param type what happened, see {@link LedgerTypes}
 * @param schema version of the hashed form, see {@link LedgerHash#SCHEMA}
 * @param idempotencyKey names this fact within tenant and run
 * @param body details
 * @param previous hash of the entry before it in its chain, {@link LedgerHash#GENESIS} for the
 *     first
 * @param hash hash over all of the above
 */
public record LedgerEntry(
    long sequence,
    Instant at,
    TenantId tenant,
    RunId run,
    @Nullable AgentId agent,
    String type,
    int schema,
    String idempotencyKey,
    Payload body,
    Digest previous,
    Digest hash) {
  public LedgerEntry {
    requireNonNull(at, "at");
    requireNonNull(tenant, "tenant");
    requireNonNull(run, "run");
    requireNonNull(type, "type");
    requireNonNull(idempotencyKey, "idempotencyKey");
    requireNonNull(body, "body");
    requireNonNull(previous, "previous");
    requireNonNull(hash, "hash");
  }

  /**
   * Returns the entry that {@code draft} becomes at this place, in the current {@link
   * LedgerHash#SCHEMA}.
   */
  public static LedgerEntry of(LedgerDraft draft, long sequence, Digest previous, Digest hash) {
    return new LedgerEntry(
        sequence,
        draft.at(),
        draft.tenant(),
        draft.run(),
        draft.agent(),
        draft.type(),
        LedgerHash.SCHEMA,
        draft.idempotencyKey(),
        draft.body(),
        previous,
        hash);
  }

  /** Returns what the writer of this entry was given. */
  public LedgerReceipt receipt() {
    return new LedgerReceipt(sequence, hash);
  }

  /**
   * Returns whether appending {@code draft} would repeat this entry: same tenant, run, agent, type,
   * key and body. The time is not compared, because a repetition may come later; the first one
   * stands.
   */
  public boolean repeatedBy(LedgerDraft draft) {
    return idempotencyKey.equals(draft.idempotencyKey())
        && run.equals(draft.run())
        && tenant.equals(draft.tenant())
        && Objects.equals(agent, draft.agent())
        && type.equals(draft.type())
        && body.equals(draft.body());
  }
}

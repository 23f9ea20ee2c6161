// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import java.util.concurrent.CompletableFuture;

/**
 * An append-only record of what runs did, in which a later change shows. It is evidence: it
 * verifies and never decides.
 *
 * <p>Implementations are thread safe, number entries from 1 without gaps in the order they are
 * acknowledged, and link them with {@link io.agentgovernance.ledger.LedgerHash}. They pass the
 * contract tests of the test kit. This interface grows by default methods only.
 */
public interface AuditLedger extends AutoCloseable {
  /**
   * Appends an entry.
   *
   * <p>The future completes when the entry is as durable as {@link #durability} says, and never
   * before it can be queried. A draft whose tenant, run and idempotency key were appended before
   * completes with the first receipt. A ledger that cannot keep up makes the caller wait, for two
   * seconds at most. Nothing is dropped: an entry is acknowledged or its future fails.
   *
   * <p>Actions that depend on the future may run on the ledger's own writer thread and must not
   * block; use the {@code …Async} forms for others.
   *
   * @return a future that fails with {@link io.agentgovernance.ledger.LedgerUnavailableException}
   *     if the entry was not acknowledged, or {@link
   *     io.agentgovernance.ledger.LedgerConflictException} if its key stands for something else
   */
  CompletableFuture<LedgerReceipt> append(LedgerDraft draft);

  /**
   * Says whether {@link #append} only hands a draft over, so that the writer of another store may
   * call it when it has written: it waits for room at most, and on such a thread not even for that.
   * By default it may take its time, and is called by those who can wait.
   */
  default boolean isPrompt() {
    return false;
  }

  /**
   * Returns what an acknowledged entry survives. The same answer for as long as the ledger is open.
   */
  Durability durability();

  /**
   * Recomputes the whole ledger as it is now. Blocks, for a time proportional to the number of
   * entries; appends go on meanwhile. Never throws because of what it finds; a closed ledger is
   * {@link Verification.Unreadable}.
   */
  Verification verify();

  /**
   * Returns a page of matching entries in order of their sequence. An entry appended later has a
   * higher sequence than all entries already returned, so nothing is missed between pages. May
   * block for reading.
   *
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if the ledger is closed or cannot
   *     be read
   */
  LedgerPage query(LedgerQuery query);

  /**
   * Says that nobody needs this run's entries from this ledger any more. A ledger in memory forgets
   * them; one that outlives the process does nothing, which is the default.
   */
  default void release(TenantId tenant, RunId run) {}

  /**
   * Writes what was accepted, then stops. Bounded; further calls do nothing. Appends and queries
   * after it fail with {@link io.agentgovernance.ledger.LedgerUnavailableException}.
   */
  @Override
  void close();
}

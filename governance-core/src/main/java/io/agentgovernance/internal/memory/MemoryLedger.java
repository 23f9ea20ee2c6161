// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An audit ledger in memory: one hash chain for each run, one sequence for all.
 *
 * <p>Thread safe. An append takes a microsecond or two under one lock and returns a future that is
 * already complete, so that sequence, hash and visibility have the same order. Queries and
 * verification copy references under the lock and work outside it. What it holds is bounded for
 * each run; the owner releases runs that are over.
 */
public final class MemoryLedger implements AuditLedger {
  /** How many entries a run may have if nothing else is said. */
  public static final int DEFAULT_MAX_ENTRIES_PER_RUN = 100_000;

  private final int maxEntriesPerRun;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final LedgerHash hasher = new LedgerHash();
  private final Map<RunKey, LedgerChain> chains = new HashMap<>();
  private long lastSequence;
  private boolean closed;

  /**
   * Makes an empty ledger with room for {@value #DEFAULT_MAX_ENTRIES_PER_RUN} entries in each run.
   */
  public MemoryLedger() {
    this(DEFAULT_MAX_ENTRIES_PER_RUN);
  }

  /** Makes an empty ledger with room for this many entries in each run, at least 1. */
  public MemoryLedger(int maxEntriesPerRun) {
    if (maxEntriesPerRun < 1) {
      throw new IllegalArgumentException(
          "maxEntriesPerRun must be >= 1 but was " + maxEntriesPerRun);
    }
    this.maxEntriesPerRun = maxEntriesPerRun;
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    byte[] body = draft.body().json().getBytes(UTF_8);
    var key = new RunKey(draft.tenant(), draft.run());
    Briefly.lock(lock);
    try {
      return CompletableFuture.completedFuture(append(key, draft, body).receipt());
    } catch (LedgerUnavailableException | LedgerConflictException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      lock.unlock();
    }
  }

  private LedgerEntry append(RunKey key, LedgerDraft draft, byte[] body) {
    checkOpen();
    var chain = chains.get(key);
    if (chain == null) {
      chain = new LedgerChain();
      chains.put(key, chain);
    }
    var first = chain.find(draft.idempotencyKey());
    if (first != null) {
      if (!first.repeatedBy(draft)) {
        throw new LedgerConflictException(draft, first);
      }
      return first;
    }
    if (chain.size() >= maxEntriesPerRun) {
      throw new LedgerUnavailableException(
          Reason.FULL,
          "ledger 'memory': run %s has %d entries, which is the limit. Raise it with memory:?maxEntriesPerRun=<n>, or use a ledger on disk."
              .formatted(draft.run(), chain.size()));
    }
    long sequence = lastSequence + 1;
    AgentId agent = draft.agent();
    byte[] hash =
        hasher.hash(
            LedgerHash.SCHEMA,
            chain.head().bytes(),
            sequence,
            draft.at(),
            draft.tenant().value(),
            draft.run().value(),
            agent == null ? null : agent.value(),
            draft.type(),
            draft.idempotencyKey(),
            body);
    var entry = LedgerEntry.of(draft, sequence, chain.head(), LedgerHash.digest(hash));
    chain.add(entry);
    lastSequence = sequence;
    return entry;
  }

  @Override
  public boolean isPrompt() {
    return true;
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public Verification verify() {
    List<LedgerSlice> slices;
    try {
      slices = slices(LedgerQuery.all());
    } catch (LedgerUnavailableException e) {
      return new Verification.Unreadable("the ledger is closed");
    }
    return LedgerSlice.verify(slices);
  }

  @Override
  public LedgerPage query(LedgerQuery query) {
    var cursors = new PriorityQueue<Cursor>();
    for (var slice : slices(query)) {
      offer(cursors, slice, slice.indexAfter(query.afterSequence()));
    }
    var found = new ArrayList<LedgerEntry>();
    for (var cursor = cursors.poll(); cursor != null; cursor = cursors.poll()) {
      if (query.matches(cursor.entry())) {
        if (found.size() == query.limit()) {
          return new LedgerPage(found, OptionalLong.of(found.get(found.size() - 1).sequence()));
        }
        found.add(cursor.entry());
      }
      offer(cursors, cursor.slice(), cursor.index() + 1);
    }
    return new LedgerPage(found, OptionalLong.empty());
  }

  @Override
  public void release(TenantId tenant, RunId run) {
    lock.lock();
    try {
      chains.remove(new RunKey(tenant, run));
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      chains.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the chains that may hold what a query asks for, as they are now. */
  List<LedgerSlice> slices(LedgerQuery query) {
    lock.lock();
    try {
      checkOpen();
      var slices = new ArrayList<LedgerSlice>();
      chains.forEach(
          (key, chain) -> {
            if (key.mayMatch(query)) {
              slices.add(chain.slice());
            }
          });
      return slices;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new LedgerUnavailableException(
          Reason.CLOSED,
          "ledger 'memory' is closed. It belongs to its orchestrator: read and append before closing that.");
    }
  }

  private static void offer(PriorityQueue<Cursor> cursors, LedgerSlice slice, int index) {
    if (index < slice.size()) {
      cursors.add(new Cursor(slice, index, slice.entry(index)));
    }
  }

  private record RunKey(TenantId tenant, RunId run) {
    RunKey {
      requireNonNull(tenant, "tenant");
      requireNonNull(run, "run");
    }

    boolean mayMatch(LedgerQuery query) {
      return (query.tenant() == null || query.tenant().equals(tenant))
          && (query.run() == null || query.run().equals(run));
    }
  }

  /** A place in a chain; the one with the lowest sequence comes first. */
  private record Cursor(LedgerSlice slice, int index, LedgerEntry entry)
      implements Comparable<Cursor> {
    @Override
    public int compareTo(Cursor other) {
      return Long.compare(entry.sequence(), other.entry.sequence());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.health.Component;
import io.agentgovernance.internal.health.HealthBook;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one run does into the ledger. Thread safe.
 *
 * <p>{@link #write} is for what must be in the ledger before it happens: it waits, for the ledger
 * timeout at most. {@link #note} is for what takes effect first: it does not wait, and what could
 * not be written is listed in the result. Nothing follows the entry of {@link #noteLast}.
 *
 * <p>A process may die after it wrote what it was about to do and before it did it. Whoever resumes
 * the run may do another thing in that place; its entry gets a key of its own then.
 */
final class Evidence {
  private static final Log log = Log.of(Evidence.class);
  private static final int MAX_WARNINGS = 100;

  /** The epoch of the process that started the run. */
  private static final long FIRST = 1;

  private final AuditLedger ledger;
  private final TenantId tenant;
  private final RunId run;
  private final TimeSource time;
  private final Duration timeout;
  private final HealthBook health;
  private final long epoch;

  /** Takes secrets out of what is written. */
  private final Cleaner cleaner;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> warnings = new ArrayList<>(0);
  private volatile boolean sealed;

  /**
   * @param epoch which process in a row is at the run; the first may use each key once only
   */
  Evidence(Services services, RunTerms terms, long epoch) {
    this.ledger = services.ledger();
    this.tenant = terms.tenant();
    this.run = terms.run();
    this.time = services.time();
    this.timeout = services.tuning().ledgerTimeout();
    this.health = services.health();
    this.epoch = epoch;
    this.cleaner = services.cleaner();
  }

  /**
   * Writes an entry and waits until it is as durable as the ledger makes it.
   *
   * @throws LedgerUnavailableException if it is not, in time
   */
  void write(@Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    awaitWritten(append(agent, type, key, body), type, timeout);
  }

  /** Prepares an entry about what is about to happen, or happened just now. */
  EvidenceEntry entry(@Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    return new EvidenceEntry(this, draft(agent, type, key, body));
  }

  /** Whether the thread of another store may append. */
  boolean isPrompt() {
    return ledger.isPrompt();
  }

  /** How long an entry that is waited for may take. */
  Duration timeout() {
    return timeout;
  }

  long ticks() {
    return time.ticks();
  }

  /**
   * Waits until an entry is as durable as the ledger makes it.
   *
   * @throws LedgerUnavailableException if it is not, in time
   */
  void awaitWritten(CompletableFuture<LedgerReceipt> future, String type, Duration atMost) {
    if (!future.isDone()) {
      await(future, type, atMost);
    }
    try {
      future.get();
    } catch (ExecutionException e) {
      throw unavailable(type, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(type, e);
    }
  }

  private void await(CompletableFuture<LedgerReceipt> future, String type, Duration atMost) {
    TimeSource.Waiter waiter = time.waiter();
    CompletableFuture<LedgerReceipt> unused =
        future.whenComplete((receipt, failure) -> waiter.signal());
    try {
      if (!waiter.await(atMost) && !future.isDone()) {
        LedgerUnavailableException late =
            unavailable(type, new IllegalStateException("no acknowledgement within " + timeout));
        health.failed(Component.LEDGER, late);
        throw late;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(type, e);
    }
  }

  /** Writes an entry about something that has taken effect; never throws, never waits. */
  void note(@Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    CompletableFuture<Boolean> unused = noted(agent, type, key, body);
  }

  /** The same; completes with whether the entry was written. */
  CompletableFuture<Boolean> noted(
      @Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    if (sealed) {
      log.debug("run {}: {} {} comes after the end", run, type, key);
      return CompletableFuture.completedFuture(false);
    }
    return handled(append(agent, type, key, body), type, key);
  }

  /**
   * As {@link #note}, about something that happened before this process was at the run, unless an
   * entry of that key is there already, whatever it says.
   */
  void noteUnlessThere(@Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    CompletableFuture<Boolean> unused =
        appendOnce(draft(agent, type, key, body))
            .handle(
                (receipt, failure) -> {
                  boolean there = failure == null || isConflict(failure);
                  if (!there) {
                    warn(type + " " + key + " is not in the ledger: " + failure);
                  }
                  return there;
                });
  }

  private static boolean isConflict(Throwable failure) {
    return failure instanceof LedgerConflictException
        || failure.getCause() instanceof LedgerConflictException;
  }

  private CompletableFuture<Boolean> handled(
      CompletableFuture<LedgerReceipt> appended, String type, String key) {
    return appended.handle(
        (receipt, failure) -> {
          if (failure != null) {
            warn(type + " " + key + " is not in the ledger: " + failure);
          }
          return failure == null;
        });
  }

  /** Writes what an unknown outcome cost after all, also after the last entry of the run. */
  void noteSettled(@Nullable AgentId agent, String key, Map<String, ?> body) {
    CompletableFuture<Boolean> unused =
        handled(append(draft(agent, LedgerTypes.SETTLED, key, body)), LedgerTypes.SETTLED, key);
  }

  /** Writes the last entry of the run; what agents that were given up still do is not written. */
  CompletableFuture<Boolean> noteLast(String type, String key, Map<String, ?> body) {
    sealed = true;
    return handled(append(draft(null, type, key, body)), type, key);
  }

  private CompletableFuture<LedgerReceipt> append(
      @Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    return sealed ? tooLate(type) : append(draft(agent, type, key, body));
  }

  CompletableFuture<LedgerReceipt> appendUnlessSealed(LedgerDraft draft) {
    return sealed ? tooLate(draft.type()) : append(draft);
  }

  private CompletableFuture<LedgerReceipt> tooLate(String type) {
    return CompletableFuture.failedFuture(
        new LedgerUnavailableException(
            LedgerUnavailableException.Reason.CLOSED,
            "run '" + run + "' has its last entry: " + type + " comes too late"));
  }

  private LedgerDraft draft(@Nullable AgentId agent, String type, String key, Map<String, ?> body) {
    Payload clean = cleaner.payload(Payload.of(body));
    return new LedgerDraft(run, agent, tenant, type, time.now(), key, clean);
  }

  private CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    CompletableFuture<LedgerReceipt> first = appendOnce(draft);
    return epoch == FIRST
        ? first
        : first.exceptionallyCompose(
            failure ->
                isConflict(failure)
                    ? appendOnce(again(draft))
                    : CompletableFuture.failedFuture(failure));
  }

  private LedgerDraft again(LedgerDraft draft) {
    return new LedgerDraft(
        draft.run(),
        draft.agent(),
        draft.tenant(),
        draft.type(),
        draft.at(),
        draft.idempotencyKey() + "@" + epoch,
        draft.body());
  }

  private CompletableFuture<LedgerReceipt> appendOnce(LedgerDraft draft) {
    try {
      return ledger.append(draft);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private LedgerUnavailableException unavailable(String type, Throwable cause) {
    if (cause instanceof LedgerUnavailableException known) {
      return known;
    }
    return new LedgerUnavailableException(
        LedgerUnavailableException.Reason.FAILED,
        "run '" + run + "': the ledger did not take the entry " + type + ": " + cause.getMessage(),
        cause);
  }

  /** Notes something an operator should know. */
  void warn(String text) {
    String warning = cleaner.text(text);
    log.warn("run {}: {}", run, warning);
    lock.lock();
    try {
      if (warnings.size() < MAX_WARNINGS) {
        warnings.add(warning);
      }
    } finally {
      lock.unlock();
    }
  }

  List<String> warnings() {
    lock.lock();
    try {
      return List.copyOf(warnings);
    } finally {
      lock.unlock();
    }
  }
}

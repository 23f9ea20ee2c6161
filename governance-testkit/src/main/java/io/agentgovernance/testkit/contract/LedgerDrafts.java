// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the ledger contracts write and how they wait. */
final class LedgerDrafts {
  static final TenantId TENANT = TenantId.parse("default");
  static final RunId RUN = RunId.parse("run-1");
  static final Instant AT = Instant.parse("2026-11-20T10:00:00.123456789Z");

  /** Long enough for any machine: a test that reaches it hangs. */
  private static final int PATIENCE_SECONDS = 60;

  private LedgerDrafts() {}

  static LedgerDraft note(String key) {
    return note(RUN, key);
  }

  static LedgerDraft note(RunId run, String key) {
    return LedgerDraft.of(TENANT, run, "NOTE", AT, key, Payload.text("note " + key));
  }

  static LedgerReceipt append(AuditLedger ledger, LedgerDraft draft) {
    return settle(ledger.append(draft));
  }

  static List<LedgerReceipt> appendNotes(AuditLedger ledger, int count) {
    var receipts = new ArrayList<LedgerReceipt>();
    for (int i = 1; i <= count; i++) {
      receipts.add(append(ledger, note("k" + i)));
    }
    return receipts;
  }

  static <T> T settle(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError("the ledger refused the draft: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the ledger did not answer in " + PATIENCE_SECONDS + " s", e);
    }
  }

  static <E extends Throwable> void assertFails(CompletableFuture<?> future, Class<E> type) {
    assertThatThrownBy(() -> future.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(type);
  }

  /** Waits and says in a word how the append ended. */
  static String outcome(CompletableFuture<LedgerReceipt> future) {
    try {
      future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return "acknowledged";
    } catch (ExecutionException e) {
      return e.getCause() instanceof LedgerUnavailableException ? "unavailable" : e.toString();
    } catch (TimeoutException e) {
      return "waiting";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Reads everything that matches, page by page. */
  static List<LedgerEntry> readAll(AuditLedger ledger, LedgerQuery query) {
    var entries = new ArrayList<LedgerEntry>();
    var page = ledger.query(query);
    entries.addAll(page.entries());
    while (page.next().isPresent()) {
      page = ledger.query(query.after(page.next().getAsLong()));
      assertThat(page.entries()).as("a page that was announced").isNotEmpty();
      entries.addAll(page.entries());
    }
    return entries;
  }

  /**
   * A durable ledger may have entries that no anchor covers yet; both answers say that the chain is
   * whole.
   */
  static void assertWhole(AuditLedger ledger, long entries) {
    var result = ledger.verify();
    if (result instanceof Ok ok) {
      assertThat(ok.entries()).as("entries verified").isEqualTo(entries);
    } else if (result instanceof UnanchoredTail tail) {
      assertThat(tail.count()).as("entries after the last anchor").isBetween(1L, entries);
    } else {
      fail("expected the ledger to be whole but found %s", result);
    }
  }

  /** Runs the tasks at the same time and waits for all. */
  static <T> List<T> together(List<Callable<T>> tasks) {
    var pool = Executors.newFixedThreadPool(tasks.size());
    try {
      var results = new ArrayList<T>();
      for (var future : pool.invokeAll(tasks, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}

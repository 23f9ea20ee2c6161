// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.health.Component;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.ForwardingLedger;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A ledger of which every append is counted. Thread safe. */
public final class WatchedLedger extends ForwardingLedger {
  private final AuditLedger real;
  private final HealthBook book;

  public WatchedLedger(AuditLedger real, HealthBook book) {
    super(real);
    this.real = real;
    this.book = book;
  }

  /** The ledger that is watched. */
  public AuditLedger real() {
    return real;
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    CompletableFuture<LedgerReceipt> appended;
    try {
      appended = real.append(draft);
    } catch (RuntimeException e) {
      book.failed(Component.LEDGER, e);
      throw e;
    }
    return appended.whenComplete((receipt, failure) -> count(failure));
  }

  private void count(@Nullable Throwable failure) {
    if (failure == null) {
      book.worked(Component.LEDGER);
      return;
    }
    Throwable cause = failure.getCause();
    Throwable why =
        failure instanceof LedgerUnavailableException || cause == null ? failure : cause;
    if (why instanceof LedgerUnavailableException) {
      book.failed(Component.LEDGER, why);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An entry that may be begun by another thread than the one that waits for it, such as the writer
 * of the checkpoints. Thread safe; one thread waits.
 */
final class EvidenceEntry {
  private final Evidence evidence;
  private final LedgerDraft draft;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<LedgerReceipt> future = new CompletableFuture<>();
  private volatile @Nullable Thread by;
  private volatile long beganAt;

  EvidenceEntry(Evidence evidence, LedgerDraft draft) {
    this.evidence = evidence;
    this.draft = draft;
    this.beganAt = evidence.ticks();
  }

  /** Whether the thread of another store may begin it. */
  boolean isPrompt() {
    return evidence.isPrompt();
  }

  /**
   * Begins to write it, unless that was done. Does not wait, but for room in the ledger's queue.
   *
   * @param known run when it is known what became of it
   */
  void begin(Runnable known) {
    if (begun.compareAndSet(false, true)) {
      by = Thread.currentThread();
      beganAt = evidence.ticks();
      CompletableFuture<LedgerReceipt> unused =
          evidence
              .appendUnlessSealed(draft)
              .whenComplete(
                  (receipt, failure) -> {
                    if (failure == null) {
                      future.complete(receipt);
                    } else {
                      future.completeExceptionally(failure);
                    }
                    known.run();
                  });
    }
  }

  /**
   * Begins it if nobody has, and waits until it is as durable as the ledger makes it. Where there
   * was no room for it, and whoever began it could not wait for room, it is begun again.
   *
   * @throws LedgerUnavailableException if it is not, in the ledger timeout from its beginning
   */
  void await() {
    if (!begun.compareAndSet(false, true)) {
      try {
        evidence.awaitWritten(future, draft.type(), future.isDone() ? Duration.ZERO : left());
        return;
      } catch (LedgerUnavailableException e) {
        if (e.reason() != Reason.BUSY || by == Thread.currentThread()) {
          throw e;
        }
      }
    }
    evidence.awaitWritten(evidence.appendUnlessSealed(draft), draft.type(), evidence.timeout());
  }

  private Duration left() {
    Duration left = evidence.timeout().minusNanos(evidence.ticks() - beganAt);
    return left.isNegative() ? Duration.ZERO : left;
  }
}

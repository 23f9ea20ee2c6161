// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.ForwardingLedger;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A ledger with a fault that a test switches on and off. Everything but appends goes straight to
 * the real one, which it closes.
 *
 * <pre>{@code
 * var ledger = new FaultyLedger(real, time);
 * ledger.inject(new LedgerFault.FailOnType(LedgerTypes.OUTCOME));
 * …
 * ledger.heal();
 * }</pre>
 *
 * <p>Thread safe. An append has the fault that is injected when it is called.
 */
public final class FaultyLedger extends ForwardingLedger {
  private final AuditLedger real;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Queue<Hung> hung = new ArrayDeque<>();
  private LedgerFault fault = new LedgerFault.None();
  private long appends;
  private long appendsBeforeFault;
  private boolean closed;

  /**
   * Wraps a ledger, healthy at first. The time source is what {@link LedgerFault.Slow} waits by.
   */
  public FaultyLedger(AuditLedger real, TimeSource time) {
    super(real);
    this.real = real;
    this.time = requireNonNull(time, "time");
  }

  /** Replaces the fault. Counts start anew; appends that hang go on hanging. */
  public void inject(LedgerFault fault) {
    requireNonNull(fault, "fault");
    lock.lock();
    try {
      this.fault = fault;
      appendsBeforeFault = appends;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the fault away and lets go of what hangs. */
  public void heal() {
    inject(new LedgerFault.None());
    releaseHung();
  }

  /** Writes the appends that hang, in the order they came, and acknowledges them. */
  public void releaseHung() {
    for (var append : takeHung()) {
      forward(append);
    }
  }

  /** Returns how many appends hang. */
  public int hung() {
    lock.lock();
    try {
      return hung.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often {@link #append} was called, whatever came of it. */
  public long appends() {
    lock.lock();
    try {
      return appends;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    requireNonNull(draft, "draft");
    LedgerFault current;
    long before;
    lock.lock();
    try {
      current = fault;
      before = appends - appendsBeforeFault;
      appends++;
      if (current instanceof LedgerFault.Hang && !closed) {
        var append = new Hung(draft, new CompletableFuture<>());
        hung.add(append);
        return append.result();
      }
    } finally {
      lock.unlock();
    }
    return append(draft, current, before);
  }

  private CompletableFuture<LedgerReceipt> append(
      LedgerDraft draft, LedgerFault current, long before) {
    if (current instanceof LedgerFault.Unavailable) {
      return unavailable(draft);
    } else if (current instanceof LedgerFault.ThrowOnAppend) {
      throw new IllegalStateException("injected: the ledger throws on append of " + draft.type());
    } else if (current instanceof LedgerFault.LostAcknowledgement) {
      return real.append(draft).thenCompose(receipt -> unavailable(draft));
    } else if (current instanceof LedgerFault.Slow slow) {
      return delayed(real.append(draft), slow.delay());
    } else if (current instanceof LedgerFault.FailOnType onType) {
      return onType.type().equals(draft.type()) ? unavailable(draft) : real.append(draft);
    } else if (current instanceof LedgerFault.FailAfter after) {
      return before >= after.appends() ? unavailable(draft) : real.append(draft);
    } else if (current instanceof LedgerFault.None || current instanceof LedgerFault.Hang) {
      return real.append(draft); // A hang gets here when closed: the real one refuses.
    }
    throw new AssertionError(current);
  }

  private CompletableFuture<LedgerReceipt> delayed(
      CompletableFuture<LedgerReceipt> written, Duration delay) {
    var later = new CompletableFuture<LedgerReceipt>();
    var unused =
        written.whenComplete(
            (receipt, problem) -> time.schedule(delay, () -> complete(later, receipt, problem)));
    return later;
  }

  private void forward(Hung append) {
    var unused =
        real.append(append.draft())
            .whenComplete((receipt, problem) -> complete(append.result(), receipt, problem));
  }

  private static void complete(
      CompletableFuture<LedgerReceipt> result, LedgerReceipt receipt, @Nullable Throwable problem) {
    if (problem == null) {
      result.complete(receipt);
    } else {
      result.completeExceptionally(problem);
    }
  }

  private List<Hung> takeHung() {
    lock.lock();
    try {
      var taken = new ArrayList<>(hung);
      hung.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private static CompletableFuture<LedgerReceipt> unavailable(LedgerDraft draft) {
    return CompletableFuture.failedFuture(
        new LedgerUnavailableException(
            Reason.FAILED, "injected: the ledger does not acknowledge " + draft.type()));
  }

  /** Closes the real ledger; what hangs fails with {@link LedgerUnavailableException}. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    real.close();
    releaseHung();
  }

  private record Hung(LedgerDraft draft, CompletableFuture<LedgerReceipt> result) {}
}

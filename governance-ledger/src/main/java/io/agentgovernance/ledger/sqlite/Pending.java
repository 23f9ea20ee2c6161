// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A draft on its way. Its answer is set by the writer while a transaction is open, and given only
 * after that was committed.
 */
final class Pending {
  private static final long OTHER_COLUMNS_BYTES = 512;

  private final LedgerDraft draft;
  private final byte[] body;
  private final CompletableFuture<LedgerReceipt> future = new CompletableFuture<>();

  // The writer's.
  private @Nullable LedgerReceipt receipt;
  private @Nullable GovernanceException refusal;

  Pending(LedgerDraft draft) {
    this.draft = draft;
    this.body = draft.body().json().getBytes(UTF_8);
  }

  LedgerDraft draft() {
    return draft;
  }

  /** Returns the body as it is hashed and stored. */
  byte[] body() {
    return body;
  }

  /** Returns about how many bytes it takes in the file. */
  long bytes() {
    return OTHER_COLUMNS_BYTES + body.length;
  }

  CompletableFuture<LedgerReceipt> future() {
    return future;
  }

  void written(LedgerReceipt receipt) {
    this.receipt = receipt;
  }

  void refused(GovernanceException refusal) {
    this.refusal = refusal;
  }

  /** Gives the answer that was set. */
  void answer() {
    GovernanceException why = refusal;
    if (why != null) {
      future.completeExceptionally(why);
    } else {
      future.complete(receipt);
    }
  }

  void fail(LedgerUnavailableException why) {
    future.completeExceptionally(why);
  }
}

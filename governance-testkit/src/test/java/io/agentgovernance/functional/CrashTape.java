// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import io.agentgovernance.spi.ForwardingLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes down in one row what reaches the checkpoint store and the ledger, so that a test can have
 * the process die at any place of it. Thread safe.
 *
 * <p>Any agent may write what all have collected, so a crash may leave any prefix of a batch.
 */
final class CrashTape {
  private record Moment(List<Delta> deltas, List<LedgerDraft> entries) {}

  private final List<Moment> moments = new ArrayList<>();

  CheckpointStore checkpoints() {
    return new Checkpoints(Backends.checkpoints());
  }

  AuditLedger ledger() {
    return new Ledger(new KeptLedger());
  }

  /** Every batch that was appended, in order. */
  synchronized List<List<Delta>> batches() {
    return moments.stream().map(Moment::deltas).filter(batch -> !batch.isEmpty()).toList();
  }

  /**
   * What a process may leave that dies: each prefix of the deltas, with the ledger as it was before
   * the batch before them, and as it was just before their own.
   */
  synchronized List<Left> everywhere(RunId run) {
    List<Left> all = new ArrayList<>();
    List<Delta> deltas = new ArrayList<>();
    List<LedgerDraft> entries = new ArrayList<>();
    List<LedgerDraft> early = List.of();
    for (Moment moment : moments) {
      entries.addAll(moment.entries());
      List<LedgerDraft> late = List.copyOf(entries);
      for (int next = 0; next < moment.deltas().size(); next++) {
        if (!deltas.isEmpty()) {
          all.add(new Left(run, List.copyOf(deltas), late));
          if (early.size() < late.size() && !ended(deltas)) {
            all.add(new Left(run, List.copyOf(deltas), early));
          }
        }
        deltas.add(moment.deltas().get(next));
      }
      if (!moment.deltas().isEmpty()) {
        early = late;
      }
    }
    all.add(new Left(run, deltas, entries));
    return all;
  }

  /** Whether the final status is among them: it comes after the ledger has everything. */
  private static boolean ended(List<Delta> deltas) {
    return Left.commands(deltas)
        .anyMatch(command -> command instanceof Command.SetStatus set && set.status().isTerminal());
  }

  private synchronized void append(Runnable real, Moment moment) {
    real.run();
    moments.add(moment);
  }

  private final class Checkpoints extends ForwardingCheckpointStore {
    private final CheckpointStore real;

    Checkpoints(CheckpointStore real) {
      super(real);
      this.real = real;
    }

    @Override
    public void append(RunId run, long epoch, List<Delta> deltas) {
      CrashTape.this.append(
          () -> real.append(run, epoch, deltas), new Moment(List.copyOf(deltas), List.of()));
    }

    @Override
    public Durability durability() {
      return Durability.DURABLE;
    }
  }

  private final class Ledger extends ForwardingLedger {
    private final AuditLedger real;

    Ledger(AuditLedger real) {
      super(real);
      this.real = real;
    }

    @Override
    public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
      List<CompletableFuture<LedgerReceipt>> appended = new ArrayList<>(1);
      CrashTape.this.append(
          () -> appended.add(real.append(draft)), new Moment(List.of(), List.of(draft)));
      return appended.get(0);
    }

    @Override
    public Durability durability() {
      return Durability.DURABLE;
    }
  }
}

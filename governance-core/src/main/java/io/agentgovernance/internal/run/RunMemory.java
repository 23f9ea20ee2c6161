// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CheckpointStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to remember, on its way to the checkpoint store. Thread safe.
 *
 * <p>Changes and journal entries are {@link Collected} in the order they come; {@link #flush}
 * writes what was collected, all or none, and what could not be written stays collected. One flush
 * at a time, by {@link FlushTurns}: so the order in the store is the order they came.
 */
final class RunMemory {
  private final CheckpointStore store;
  private final RunId run;
  private final long epoch;
  private final Collected collected;

  private final FlushTurns turns;

  RunMemory(CheckpointStore store, RunId run, long epoch) {
    this(store, run, epoch, FlushTurns.PATIENCE);
  }

  /**
   * @param patience how long a flush waits for the one before it
   */
  RunMemory(CheckpointStore store, RunId run, long epoch, Duration patience) {
    this.store = store;
    this.run = run;
    this.epoch = epoch;
    this.collected = new Collected(run);
    this.turns = new FlushTurns(run, patience);
  }

  /** Goes on where an earlier process stopped. */
  void goOnFrom(long sequence, @Nullable Checkpoint mark) {
    collected.goOnFrom(sequence, mark);
  }

  /** Has the active time remembered with what is written. */
  void times(Supplier<Duration> used) {
    collected.times(used);
  }

  void changed(Change change) {
    collected.changed(change);
  }

  /**
   * Remembers what a body learned.
   *
   * @param after the last change its agent made; it has been applied, perhaps not announced
   */
  void journaled(JournalEntry entry, long after) {
    collected.journaled(entry, after);
  }

  void add(Delta delta) {
    collected.add(delta);
  }

  /** Writes a named point and everything before it. */
  void mark(Checkpoint checkpoint) {
    collected.add(new Delta.Marked(checkpoint));
    flush();
  }

  /** The last named point. */
  @Nullable Checkpoint latest() {
    return collected.latest();
  }

  /** The epoch of the process that is at the run. */
  long epoch() {
    return epoch;
  }

  /** The last change that was announced. */
  long lastSequence() {
    return collected.lastSequence();
  }

  /** What was collected, on its way to the store. For the thread that began it. */
  record Flush(CheckpointStore.@Nullable Appending appending) {
    private static final Flush OF_NOTHING = new Flush(null);

    /** Waits as {@link RunMemory#flush} does, and throws what it throws. */
    void await() {
      if (appending != null) {
        appending.await();
      }
    }
  }

  /**
   * Writes what was collected. Blocks for the store's timeout at most, and before it for that of a
   * flush that is on its way.
   *
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it cannot; nothing is lost
   * @throws io.agentgovernance.spi.StaleEpochException if another process has taken the run over
   */
  void flush() {
    begin(() -> {}).await();
  }

  /**
   * Writes what was collected, with the changes up to {@code after}, which have been applied.
   *
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it cannot; nothing is lost
   * @throws io.agentgovernance.spi.StaleEpochException if another process has taken the run over
   */
  void flush(long after) {
    begin(after, () -> {}).await();
  }

  /**
   * Begins to write what was collected, with the changes up to {@code after}. Whoever begins it has
   * to await it.
   *
   * @param known run when it is known what became of it, perhaps on the store's thread; not run if
   *     this method throws
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it was not taken; nothing is
   *     lost
   * @throws io.agentgovernance.spi.StaleEpochException if another process has taken the run over
   */
  Flush begin(long after, Runnable known) {
    collected.awaitAnnounced(after);
    return begin(known);
  }

  private Flush begin(Runnable known) {
    FlushTurns.Turn turn = turns.next();
    List<Delta> due = List.of();
    boolean begun = false;
    try {
      due = collected.take();
      if (!due.isEmpty()) {
        Flush flush = begin(due, turn, known);
        begun = true;
        return flush;
      }
    } finally {
      if (!begun) {
        ended(turn, due, due.isEmpty());
      }
    }
    known.run();
    return Flush.OF_NOTHING;
  }

  private Flush begin(List<Delta> due, FlushTurns.Turn turn, Runnable known) {
    return new Flush(
        store.begin(
            run,
            epoch,
            due,
            why -> {
              if (ended(turn, due, why == null)) {
                known.run();
              }
            }));
  }

  /** What comes of a flush counts once, whatever a store tells after it. */
  private boolean ended(FlushTurns.Turn turn, List<Delta> due, boolean done) {
    return turn.end(
        () -> {
          if (!done) {
            collected.putBack(due);
          }
        });
  }

  void finish() {
    flush();
    store.finish(run, epoch);
    collected.forget();
  }

  /** Writes what was collected and gives the run back, to be resumed by anybody. */
  void letGo() {
    try {
      flush();
    } finally {
      collected.forget();
      store.release(run, epoch);
    }
  }
}

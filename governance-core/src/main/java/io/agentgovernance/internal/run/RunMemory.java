// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CheckpointStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to remember, on its way to the checkpoint store. Thread safe.
 *
 * <p>Changes and journal entries are collected in the order they come; {@link #flush} writes what
 * was collected, all or none, and what could not be written stays collected. One flush at a time:
 * the order in the store is the order they came. Once finished, nothing more is collected.
 */
final class RunMemory {
  private final CheckpointStore store;
  private final RunId run;
  private final long epoch;
  private final ReentrantLock collecting = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private List<Delta> collected = new ArrayList<>(8);
  private long lastSequence;
  private boolean finished;
  private @Nullable Checkpoint latest;

  RunMemory(CheckpointStore store, RunId run, long epoch) {
    this.store = store;
    this.run = run;
    this.epoch = epoch;
  }

  void changed(Change change) {
    collecting.lock();
    try {
      if (!finished) {
        collected.add(new Delta.Changed(change.sequence(), change.at(), change.command()));
        lastSequence = change.sequence();
      }
    } finally {
      collecting.unlock();
    }
  }

  void journaled(JournalEntry entry) {
    add(new Delta.Journaled(entry));
  }

  void add(Delta delta) {
    collecting.lock();
    try {
      if (!finished) {
        collected.add(delta);
      }
    } finally {
      collecting.unlock();
    }
  }

  /** Writes a named point and everything before it. */
  void mark(Checkpoint checkpoint) {
    collecting.lock();
    try {
      latest = checkpoint;
      collected.add(new Delta.Marked(checkpoint));
    } finally {
      collecting.unlock();
    }
    flush();
  }

  /** The last named point. */
  @Nullable Checkpoint latest() {
    collecting.lock();
    try {
      return latest;
    } finally {
      collecting.unlock();
    }
  }

  long lastSequence() {
    collecting.lock();
    try {
      return lastSequence;
    } finally {
      collecting.unlock();
    }
  }

  /**
   * Writes what was collected. Blocks for the store's timeout at most.
   *
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it cannot; nothing is lost
   * @throws io.agentgovernance.spi.StaleEpochException if another process has taken the run over
   */
  void flush() {
    writing.lock();
    try {
      List<Delta> due = take();
      if (due.isEmpty()) {
        return;
      }
      boolean written = false;
      try {
        store.append(run, epoch, due);
        written = true;
      } finally {
        if (!written) {
          putBack(due);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /** The same; returns what went wrong instead of throwing it, null if nothing did. */
  @Nullable GovernanceException tryFlush() {
    try {
      flush();
      return null;
    } catch (GovernanceException e) {
      return e;
    }
  }

  private List<Delta> take() {
    collecting.lock();
    try {
      if (collected.isEmpty()) {
        return List.of();
      }
      List<Delta> due = collected;
      collected = new ArrayList<>(8);
      return due;
    } finally {
      collecting.unlock();
    }
  }

  private void putBack(List<Delta> due) {
    collecting.lock();
    try {
      due.addAll(collected);
      collected = due;
    } finally {
      collecting.unlock();
    }
  }

  void finish() {
    flush();
    store.finish(run, epoch);
    collecting.lock();
    try {
      finished = true;
      collected = new ArrayList<>(0);
    } finally {
      collecting.unlock();
    }
  }
}

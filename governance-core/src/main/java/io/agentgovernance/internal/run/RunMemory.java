// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to remember, on its way to the checkpoint store. Thread safe.
 *
 * <p>Changes and journal entries are collected in the order they come; {@link #flush} writes what
 * was collected, all or none, and what could not be written stays collected. One flush at a time:
 * the order in the store is the order they came, but for a journal entry whose agent's last change
 * was not announced yet: it waits for that, so that nothing is remembered to have been done of
 * which the effect is not. Once finished, nothing more is collected.
 */
final class RunMemory {
  private static final Duration ANNOUNCED_WITHIN = Duration.ofSeconds(10);

  /** How exactly the active time is remembered. */
  private static final Duration TIME_STEP = Duration.ofMillis(100);

  /** A journal entry that waits for a change. */
  private record Early(JournalEntry entry, long after) {}

  private final CheckpointStore store;
  private final RunId run;
  private final long epoch;
  private final ReentrantLock collecting = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final Condition announced = collecting.newCondition();
  private List<Delta> collected = new ArrayList<>(8);

  /** Journal entries in the order they came, each with the change it must not be written before. */
  private List<Early> early = new ArrayList<>(0);

  private volatile long lastSequence;

  /** How many threads wait for an announcement; under the lock. */
  private int waiting;

  private @Nullable Supplier<Duration> active;
  private Duration lastActive = Duration.ZERO;
  private boolean finished;
  private @Nullable Checkpoint latest;

  RunMemory(CheckpointStore store, RunId run, long epoch) {
    this.store = store;
    this.run = run;
    this.epoch = epoch;
  }

  /** Goes on where an earlier process stopped. */
  void goOnFrom(long sequence, @Nullable Checkpoint mark) {
    lastSequence = sequence;
    latest = mark;
  }

  /** Has the active time remembered with what is written. */
  void times(Supplier<Duration> used) {
    Briefly.lock(collecting);
    try {
      active = used;
      lastActive = used.get();
    } finally {
      collecting.unlock();
    }
  }

  void changed(Change change) {
    Briefly.lock(collecting);
    try {
      lastSequence = change.sequence();
      if (waiting > 0) {
        announced.signalAll();
      }
      if (!finished) {
        collected.add(new Delta.Changed(change.sequence(), change.at(), change.command()));
        if (!early.isEmpty()) {
          takeInEarly();
        }
      }
    } finally {
      collecting.unlock();
    }
  }

  private void takeInEarly() {
    int ready = 0;
    while (ready < early.size() && early.get(ready).after() <= lastSequence) {
      collected.add(new Delta.Journaled(early.get(ready).entry()));
      ready++;
    }
    early.subList(0, ready).clear();
  }

  /**
   * Remembers what a body learned.
   *
   * @param after the last change its agent made; it has been applied, perhaps not announced
   */
  void journaled(JournalEntry entry, long after) {
    Briefly.lock(collecting);
    try {
      if (finished) {
        return;
      }
      if (early.isEmpty() && after <= lastSequence) {
        collected.add(new Delta.Journaled(entry));
      } else {
        early.add(new Early(entry, after));
      }
    } finally {
      collecting.unlock();
    }
  }

  void add(Delta delta) {
    Briefly.lock(collecting);
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
    Briefly.lock(collecting);
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
    Briefly.lock(collecting);
    try {
      return latest;
    } finally {
      collecting.unlock();
    }
  }

  /** The epoch of the process that is at the run. */
  long epoch() {
    return epoch;
  }

  /** The last change that was announced. */
  long lastSequence() {
    return lastSequence;
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

  /**
   * Writes what was collected, with the changes up to {@code after}, which have been applied.
   *
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it cannot; nothing is lost
   * @throws io.agentgovernance.spi.StaleEpochException if another process has taken the run over
   */
  void flush(long after) {
    if (after > lastSequence) {
      awaitAnnounced(after);
    }
    flush();
  }

  /** Whoever applied the changes before is announcing them right now. */
  private void awaitAnnounced(long after) {
    boolean interrupted = false;
    long left = ANNOUNCED_WITHIN.toNanos();
    Briefly.lock(collecting);
    try {
      while (lastSequence < after && !finished) {
        if (left <= 0) {
          throw new CheckpointUnavailableException(
              "run '"
                  + run
                  + "': change "
                  + after
                  + " was not announced within "
                  + ANNOUNCED_WITHIN,
              null);
        }
        try {
          waiting++;
          left = announced.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        } finally {
          waiting--;
        }
      }
    } finally {
      collecting.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<Delta> take() {
    Briefly.lock(collecting);
    try {
      if (collected.isEmpty()) {
        return List.of();
      }
      noteTime();
      List<Delta> due = collected;
      collected = new ArrayList<>(8);
      return due;
    } finally {
      collecting.unlock();
    }
  }

  private void noteTime() {
    Supplier<Duration> clock = active;
    if (clock != null) {
      Duration used = clock.get();
      if (used.minus(lastActive).compareTo(TIME_STEP) >= 0) {
        lastActive = used;
        collected.add(new Delta.Elapsed(used));
      }
    }
  }

  private void putBack(List<Delta> due) {
    Briefly.lock(collecting);
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
    forget();
  }

  /** Writes what was collected and gives the run back, to be resumed by anybody. */
  void letGo() {
    try {
      flush();
    } finally {
      forget();
      store.release(run, epoch);
    }
  }

  private void forget() {
    Briefly.lock(collecting);
    try {
      finished = true;
      collected = new ArrayList<>(0);
      early = new ArrayList<>(0);
      announced.signalAll();
    } finally {
      collecting.unlock();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to remember and has not handed to the checkpoint store yet, in the order it came.
 * Any thread may call anything; one lock, held for a few steps.
 *
 * <p>A journal entry whose agent's last change was not announced yet waits for that, so that
 * nothing is remembered to have been done of which the effect is not. Once forgotten, nothing more
 * is collected.
 */
final class Collected {
  private static final Duration ANNOUNCED_WITHIN = Duration.ofSeconds(10);

  /** How exactly the active time is remembered. */
  private static final Duration TIME_STEP = Duration.ofMillis(100);

  /** A journal entry that waits for a change. */
  private record Early(JournalEntry entry, long after) {}

  private final RunId run;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition announced = lock.newCondition();
  private List<Delta> deltas = new ArrayList<>(8);

  /** Journal entries in the order they came, each with the change it must not be written before. */
  private List<Early> early = new ArrayList<>(0);

  /** Written under the lock. */
  private volatile long lastSequence;

  /** How many threads wait for an announcement. */
  private int waiting;

  private @Nullable Supplier<Duration> active;
  private Duration lastActive = Duration.ZERO;
  private boolean finished;
  private @Nullable Checkpoint latest;

  Collected(RunId run) {
    this.run = run;
  }

  /** Goes on where an earlier process stopped; before anything is collected. */
  void goOnFrom(long sequence, @Nullable Checkpoint mark) {
    lastSequence = sequence;
    latest = mark;
  }

  /** Has the active time remembered with what is taken. */
  void times(Supplier<Duration> used) {
    Briefly.lock(lock);
    try {
      active = used;
      lastActive = used.get();
    } finally {
      lock.unlock();
    }
  }

  void changed(Change change) {
    Briefly.lock(lock);
    try {
      lastSequence = change.sequence();
      if (waiting > 0) {
        announced.signalAll();
      }
      if (!finished) {
        deltas.add(new Delta.Changed(change.sequence(), change.at(), change.command()));
        if (!early.isEmpty()) {
          takeInEarly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void takeInEarly() {
    int ready = 0;
    while (ready < early.size() && early.get(ready).after() <= lastSequence) {
      deltas.add(new Delta.Journaled(early.get(ready).entry()));
      ready++;
    }
    early.subList(0, ready).clear();
  }

  /**
   * Adds what a body learned.
   *
   * @param after the last change its agent made; it has been applied, perhaps not announced
   */
  void journaled(JournalEntry entry, long after) {
    Briefly.lock(lock);
    try {
      if (finished) {
        return;
      }
      if (early.isEmpty() && after <= lastSequence) {
        deltas.add(new Delta.Journaled(entry));
      } else {
        early.add(new Early(entry, after));
      }
    } finally {
      lock.unlock();
    }
  }

  void add(Delta delta) {
    Briefly.lock(lock);
    try {
      if (delta instanceof Delta.Marked marked) {
        latest = marked.checkpoint();
      }
      if (!finished) {
        deltas.add(delta);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The last named point. */
  @Nullable Checkpoint latest() {
    Briefly.lock(lock);
    try {
      return latest;
    } finally {
      lock.unlock();
    }
  }

  /** The last change that was announced. */
  long lastSequence() {
    return lastSequence;
  }

  /**
   * Waits until a change that has been applied was announced; whoever applied the changes before it
   * is announcing them right now.
   */
  void awaitAnnounced(long sequence) {
    if (lastSequence >= sequence) {
      return;
    }
    boolean interrupted = false;
    long left = ANNOUNCED_WITHIN.toNanos();
    Briefly.lock(lock);
    try {
      while (lastSequence < sequence && !finished) {
        if (left <= 0) {
          throw new CheckpointUnavailableException(
              "run '"
                  + run
                  + "': change "
                  + sequence
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
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes what was collected, with the active time if it is another by now. */
  List<Delta> take() {
    Briefly.lock(lock);
    try {
      if (deltas.isEmpty()) {
        return List.of();
      }
      noteTime();
      List<Delta> due = deltas;
      deltas = new ArrayList<>(8);
      return due;
    } finally {
      lock.unlock();
    }
  }

  private void noteTime() {
    Supplier<Duration> clock = active;
    if (clock != null) {
      Duration used = clock.get();
      if (used.minus(lastActive).compareTo(TIME_STEP) >= 0) {
        lastActive = used;
        deltas.add(new Delta.Elapsed(used));
      }
    }
  }

  /** Puts back in its place what was taken and could not be written. */
  void putBack(List<Delta> due) {
    Briefly.lock(lock);
    try {
      due.addAll(deltas);
      deltas = due;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is there and whatever comes. */
  void forget() {
    Briefly.lock(lock);
    try {
      finished = true;
      deltas = new ArrayList<>(0);
      early = new ArrayList<>(0);
      announced.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.RunReplica;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two copies of a run in this JVM: the confirmed one has what the log has and nothing else, and
 * serves reads; the working one is ahead of it by the batches that are on their way. Thread safe.
 */
final class Replicas {
  private final ReentrantLock lock = new ReentrantLock();
  private final RunReplica confirmed;
  private final RunId run;
  private final Announcer announcer;
  private @Nullable RunReplica working;
  private String tail;
  private String workingTail = "";
  private int begun;
  private volatile long sequence;
  private volatile boolean busy;

  Replicas(RunReplica confirmed, String tail, Announcer announcer) {
    this.confirmed = confirmed;
    this.run = confirmed.terms().run();
    this.tail = tail;
    this.announcer = announcer;
    this.sequence = confirmed.sequence();
  }

  /**
   * Where a batch begins.
   *
   * @param working the copy to decide on, the caller's until the batch has ended
   */
  record Start(RunReplica working, long sequence, String tail) {}

  /** How far the confirmed copy is. */
  record Position(long sequence, String tail) {}

  <T> T read(Function<RunReplica, T> reading) {
    lock.lock();
    try {
      return reading.apply(confirmed);
    } finally {
      lock.unlock();
    }
  }

  /** The sequence of the latest confirmed change. Does not wait. */
  long sequence() {
    return sequence;
  }

  /** Whether a batch is on its way, whose answer will say what is missing. Does not wait. */
  boolean busy() {
    return busy;
  }

  Position position() {
    lock.lock();
    try {
      return new Position(confirmed.sequence(), tail);
    } finally {
      lock.unlock();
    }
  }

  /** Adds a follower of what is confirmed from now on. */
  AutoCloseable follow(Consumer<Change> listener) {
    lock.lock();
    try {
      return announcer.follow(listener, confirmed.sequence());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a batch on top of those that are on their way; one is decided at a time.
   *
   * @return null if one of those cannot be accepted any more, so that they have to end first
   */
  @Nullable Start begin() {
    lock.lock();
    try {
      RunReplica copy = working;
      if (copy == null) {
        if (begun > 0) {
          return null;
        }
        copy = confirmed.copy();
        working = copy;
        workingTail = tail;
      }
      begun++;
      busy = true;
      return new Start(copy, copy.sequence(), workingTail);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a batch can begin without waiting for a reader and without a new copy. */
  boolean atHand() {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      return working != null;
    } finally {
      lock.unlock();
    }
  }

  /** Notes the name of the batch that was decided last, which changes something. */
  void decided(String batch) {
    lock.lock();
    try {
      workingTail = batch;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the earliest batch, which is in the log. */
  void accepted(List<Change> changes, String batch) {
    lock.lock();
    try {
      for (Change change : changes) {
        if (change.sequence() > confirmed.sequence()) {
          confirm(new Delta.Changed(change.sequence(), change.at(), change.command()), batch);
        }
      }
      ended(1);
    } finally {
      lock.unlock();
    }
  }

  /** Ends batches that are not in the log, or of which that is not known. */
  void abandoned(int batches) {
    lock.lock();
    try {
      working = null;
      ended(batches);
    } finally {
      lock.unlock();
    }
  }

  private void ended(int batches) {
    begun -= batches;
    busy = begun > 0;
  }

  /**
   * Adds changes that the log has.
   *
   * @param first the sequence of the first of them
   * @return false if some before them are missing
   */
  boolean add(long first, List<LogEntry> entries) {
    lock.lock();
    try {
      if (first > confirmed.sequence() + 1) {
        return false;
      }
      for (int i = (int) (confirmed.sequence() + 1 - first); i < entries.size(); i++) {
        Delta.Changed changed = entries.get(i).read(run, first + i);
        follow(changed, entries.get(i).batch());
        confirm(changed, entries.get(i).batch());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has the working copy follow; if it is ahead already, it has something else there. */
  private void follow(Delta.Changed changed, String batch) {
    RunReplica copy = working;
    if (begun > 0) {
      working = null;
    } else if (copy != null) {
      Change unused = copy.apply(changed);
      workingTail = batch;
    }
  }

  private void confirm(Delta.Changed changed, String batch) {
    announcer.offer(confirmed.apply(changed));
    tail = batch;
    sequence = changed.sequence();
  }
}

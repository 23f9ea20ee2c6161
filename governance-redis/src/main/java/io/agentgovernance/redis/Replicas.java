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
 * serves reads; the working one may be ahead of it by a batch that is on its way. Thread safe.
 */
final class Replicas {
  private final ReentrantLock lock = new ReentrantLock();
  private final RunReplica confirmed;
  private final RunId run;
  private final Announcer announcer;
  private @Nullable RunReplica working;
  private String tail = "";
  private boolean inFlight;
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

  /** Begins a batch; one at a time. */
  Start begin() {
    lock.lock();
    try {
      RunReplica copy = working;
      if (copy == null) {
        copy = confirmed.copy();
        working = copy;
      }
      inFlight = true;
      busy = true;
      return new Start(copy, confirmed.sequence(), tail);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a batch that is in the log. */
  void accepted(List<Change> changes, String batch) {
    lock.lock();
    try {
      for (Change change : changes) {
        if (change.sequence() > confirmed.sequence()) {
          confirm(new Delta.Changed(change.sequence(), change.at(), change.command()), batch);
        }
      }
      RunReplica copy = working;
      end(copy != null && copy.sequence() == confirmed.sequence() ? copy : null);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a batch that is not in the log, or of which that is not known. */
  void abandoned() {
    lock.lock();
    try {
      end(null);
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable RunReplica copy) {
    working = copy;
    inFlight = false;
    busy = false;
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
        RunReplica copy = working;
        if (!inFlight && copy != null) {
          Change unused = copy.apply(changed);
        }
        confirm(changed, entries.get(i).batch());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void confirm(Delta.Changed changed, String batch) {
    announcer.offer(confirmed.apply(changed));
    tail = batch;
    sequence = changed.sequence();
  }
}

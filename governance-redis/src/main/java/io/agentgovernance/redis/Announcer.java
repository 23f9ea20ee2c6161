// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.core.RunId;
import io.agentgovernance.secret.Log;
import java.util.ArrayDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells followers every change in order, on whichever thread finds that nobody is at it. No lock is
 * held while a follower runs. Thread safe.
 */
final class Announcer {
  private static final Log log = Log.of(Announcer.class);

  /** A follower, and the last change it is not told. */
  private record Follower(Consumer<Change> listener, long after) {}

  private final RunId run;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Change> due = new ArrayDeque<>(4);
  private final CopyOnWriteArrayList<Follower> followers = new CopyOnWriteArrayList<>();
  private boolean delivering;

  Announcer(RunId run) {
    this.run = run;
  }

  /**
   * Adds a follower.
   *
   * @param after the sequence of the last change it is not told
   * @return ends it
   */
  AutoCloseable follow(Consumer<Change> listener, long after) {
    Follower follower = new Follower(listener, after);
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  /** Adds a change, which follows the one added before; {@link #deliver} must come after. */
  void offer(Change change) {
    if (followers.isEmpty()) {
      return; // whoever follows later is not told
    }
    lock.lock();
    try {
      due.add(change);
    } finally {
      lock.unlock();
    }
  }

  /** Tells what is due, unless another thread is at it, which then tells it. */
  void deliver() {
    Change next = next(Deliverer.NEW);
    while (next != null) {
      announce(next);
      next = next(Deliverer.CURRENT);
    }
  }

  /** Who asks for the next change. */
  private enum Deliverer {
    NEW,
    CURRENT
  }

  private @Nullable Change next(Deliverer deliverer) {
    lock.lock();
    try {
      if (deliverer == Deliverer.NEW && delivering) {
        return null;
      }
      Change next = due.poll();
      delivering = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void announce(Change change) {
    for (Follower follower : followers) {
      if (change.sequence() <= follower.after()) {
        continue;
      }
      try {
        follower.listener().accept(change);
      } catch (RuntimeException | Error e) { // else the changes after this one would wait for ever
        log.warn("run {}: follower {} failed", run, follower.listener().getClass().getName(), e);
      }
    }
  }
}

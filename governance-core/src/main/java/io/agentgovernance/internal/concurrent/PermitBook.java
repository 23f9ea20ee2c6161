// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.AdmissionRefusedException.Reason;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the account of thread permits: one lock over plain numbers. Thread safe; runs no code of
 * others and blocks for no longer than it takes to count.
 *
 * <p>An admitted run holds its permits until it is released. Those its tasks are still using then
 * come back one by one, as the tasks end. An abandoned task gives its permit back at once, as long
 * as no more than {@code maxReplaced} have done so; beyond that it keeps the permit until its
 * thread ends.
 */
final class PermitBook {
  private final ReentrantLock lock = new ReentrantLock();
  private final int capacity;
  private final int maxQueued;
  private final int maxReplaced;

  // All below, the state of each admission and the slot of each task: under the lock.
  private final LinkedHashSet<Admission> queue = new LinkedHashSet<>();
  private final Set<AgentTask> live = new HashSet<>();
  private final List<TimeSource.Waiter> quietWaiters = new ArrayList<>();
  private int free;
  private int running;
  private int abandoned;
  private int replaced;
  private boolean closed;

  PermitBook(int capacity, int maxQueued, int maxReplaced) {
    this.capacity = capacity;
    this.maxQueued = maxQueued;
    this.maxReplaced = maxReplaced;
    this.free = capacity;
  }

  /** Takes permits for a run or puts it at the end of the queue; true if it has its permits. */
  boolean enter(Admission admission) {
    return locked(
        () -> {
          if (isFreeOrRefuse(admission.threads)) {
            grant(admission);
            return true;
          }
          queue.add(admission);
          return false;
        });
  }

  /** Refuses what {@link #enter} would refuse now. */
  void refuseUnlessRoom(int threads) {
    update(() -> isFreeOrRefuse(threads));
  }

  /** Whether so many permits are there and nobody waits; false if there is a place in the queue. */
  private boolean isFreeOrRefuse(int threads) {
    refuseIfClosed();
    if (threads > capacity) {
      throw new AdmissionRefusedException(
          Reason.TEAM_TOO_LARGE,
          "admission of a run: it needs %d threads at once, there are %d. Allow more in Workers, or make the team smaller."
              .formatted(threads, capacity));
    }
    if (queue.isEmpty() && threads <= free) {
      return true;
    }
    if (queue.size() >= maxQueued) {
      throw new AdmissionRefusedException(
          Reason.QUEUE_FULL,
          "admission of a run: %d runs are waiting for threads, at most %d may; %d of %d threads are free, %d are held by agents that ignore interruption. Try again later, or allow more in Workers."
              .formatted(queue.size(), maxQueued, free, capacity, abandoned - replaced));
    }
    return false;
  }

  /** Takes permits for the run that has waited longest, if they are there. */
  @Nullable Admission grantNext() {
    Briefly.lock(lock);
    try {
      Iterator<Admission> waiting = queue.iterator();
      if (!waiting.hasNext()) {
        return null;
      }
      Admission next = waiting.next();
      if (next.threads > free) {
        return null;
      }
      waiting.remove();
      grant(next);
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a run out of the queue; false if it was not there. */
  boolean leave(Admission admission) {
    return locked(
        () -> {
          boolean left = queue.remove(admission);
          if (left) {
            admission.state = Admission.State.RELEASED;
          }
          return left;
        });
  }

  /** Gives back what a run has, or its place in the queue. Further calls do nothing. */
  void release(Admission admission) {
    update(
        () -> {
          if (admission.state == Admission.State.QUEUED) {
            queue.remove(admission);
          } else if (admission.state == Admission.State.ADMITTED) {
            free += admission.threads - admission.inUse;
          }
          admission.state = Admission.State.RELEASED;
        });
  }

  boolean isAdmitted(Admission admission) {
    return locked(() -> admission.state == Admission.State.ADMITTED);
  }

  /** Gives one of the run's permits to a task. */
  void begin(AgentTask task) {
    update(
        () -> {
          refuseIfClosed();
          Admission admission = task.admission;
          if (admission.state != Admission.State.ADMITTED) {
            throw new IllegalStateException(
                "task '%s' cannot start: its run is %s".formatted(task.name(), admission.state));
          }
          if (admission.inUse == admission.threads) {
            throw new IllegalStateException(
                "task '%s' cannot start: all %d threads of its run are in use"
                    .formatted(task.name(), admission.threads));
          }
          admission.inUse++;
          running++;
          task.slot = AgentTask.Slot.HELD;
          live.add(task);
        });
  }

  /** Takes the permit of a task whose thread has done its work. */
  void end(AgentTask task) {
    update(
        () -> {
          switch (task.slot) {
            case HELD -> {
              running--;
              giveBack(task.admission);
            }
            case KEPT -> {
              abandoned--;
              giveBack(task.admission);
            }
            case REPLACED -> {
              abandoned--;
              replaced--;
            }
            case NONE -> throw new AssertionError("ended twice: " + task.name());
          }
          task.slot = AgentTask.Slot.NONE;
        });
  }

  /** Gives a task up; false if it has ended or been given up before. */
  boolean abandon(AgentTask task) {
    return locked(
        () -> {
          if (task.slot != AgentTask.Slot.HELD) {
            return false;
          }
          running--;
          abandoned++;
          if (replaced < maxReplaced) {
            replaced++;
            task.slot = AgentTask.Slot.REPLACED;
            giveBack(task.admission);
          } else {
            task.slot = AgentTask.Slot.KEPT;
          }
          return true;
        });
  }

  /** Forgets a task that has ended or been given up; wake the waiters returned. */
  List<TimeSource.Waiter> forget(AgentTask task) {
    return locked(
        () -> {
          live.remove(task);
          return live.isEmpty() ? List.copyOf(quietWaiters) : List.of();
        });
  }

  /** Registers a waiter until {@link #noLongerWaiting}; false if there is nothing to wait for. */
  boolean waitForQuiet(TimeSource.Waiter waiter) {
    return locked(() -> !live.isEmpty() && quietWaiters.add(waiter));
  }

  void noLongerWaiting(TimeSource.Waiter waiter) {
    update(() -> quietWaiters.remove(waiter));
  }

  boolean isQuiet() {
    return locked(live::isEmpty);
  }

  /** Admits and starts nothing from now on; returns the runs that were waiting. */
  List<Admission> close() {
    return locked(
        () -> {
          closed = true;
          List<Admission> refused = List.copyOf(queue);
          queue.clear();
          refused.forEach(admission -> admission.state = Admission.State.RELEASED);
          return refused;
        });
  }

  boolean isClosed() {
    return locked(() -> closed);
  }

  List<AgentTask> live() {
    return locked(() -> List.copyOf(live));
  }

  ThreadCounters counters() {
    return locked(
        () -> new ThreadCounters(capacity, free, queue.size(), running, abandoned, replaced));
  }

  static AdmissionRefusedException closedException() {
    return new AdmissionRefusedException(
        Reason.CLOSED,
        "admission of a run: the orchestrator is closed. Start runs before close(), or make a new orchestrator.");
  }

  private void refuseIfClosed() {
    if (closed) {
      throw closedException();
    }
  }

  private void grant(Admission admission) {
    free -= admission.threads;
    admission.state = Admission.State.ADMITTED;
  }

  private void giveBack(Admission admission) {
    admission.inUse--;
    if (admission.state == Admission.State.RELEASED) {
      free++;
    }
  }

  private void update(Runnable change) {
    Briefly.lock(lock);
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> change) {
    Briefly.lock(lock);
    try {
      return change.get();
    } finally {
      lock.unlock();
    }
  }
}

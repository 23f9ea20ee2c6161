// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body on its thread, from {@link Admission#start} to its end. Thread safe; any thread may call
 * the public methods, and none of them blocks.
 *
 * <p>The body and the callbacks given before the end run on the agent's thread. An interrupt
 * reaches this body or nobody: it is delivered under a lock that the end of the task takes too, and
 * what is left of it is cleared before the thread goes on to other work.
 */
public final class AgentTask {
  private static final Log log = Log.of(AgentTask.class);

  /** What has become of the task's permit. */
  enum Slot {
    NONE,
    HELD,
    /** Abandoned, the permit given back. */
    REPLACED,
    /** Abandoned, the permit kept until the thread ends. */
    KEPT
  }

  private enum Phase {
    NEW,
    RUNNING,
    ENDED
  }

  final Admission admission;
  private final AgentThreads owner;
  private final String name;
  private final Runnable body;
  private final TimeSource.Task mark;
  private final @Nullable ClassLoader contextClassLoader =
      Thread.currentThread().getContextClassLoader();

  /** Under the lock of the {@link PermitBook}. */
  Slot slot = Slot.NONE;

  /** Guards the fields below. Never held while a body or a callback runs. */
  private final ReentrantLock lock = new ReentrantLock();

  private Phase phase = Phase.NEW;
  private @Nullable Thread thread;
  private boolean interruptAtBegin;
  private List<Runnable> callbacks = new ArrayList<>(1);

  private volatile boolean abandoned;
  private volatile @Nullable Throwable failure;

  AgentTask(
      AgentThreads owner, Admission admission, String name, Runnable body, TimeSource.Task mark) {
    this.owner = owner;
    this.admission = admission;
    this.name = name;
    this.body = body;
    this.mark = mark;
  }

  /** Returns what the task is called. */
  public String name() {
    return name;
  }

  /** Returns the thread the body runs on; empty before it begins and after it has ended. */
  public Optional<Thread> thread() {
    Briefly.lock(lock);
    try {
      return Optional.ofNullable(thread);
    } finally {
      lock.unlock();
    }
  }

  /** Says whether the body has returned or thrown, and the thread is no longer the task's. */
  public boolean ended() {
    Briefly.lock(lock);
    try {
      return phase == Phase.ENDED;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what the body threw, if it did. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  /** Says whether the task was given up before it ended. Stays true afterwards. */
  public boolean abandoned() {
    return abandoned;
  }

  /**
   * Interrupts the body, or lets it begin interrupted. Does nothing to a task that has ended, and
   * never reaches another task.
   */
  public void interrupt() {
    Briefly.lock(lock);
    try {
      if (phase == Phase.NEW) {
        interruptAtBegin = true;
      } else if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs a callback when the task has ended: on the agent's thread, or at once on this one if that
   * is past. The permit is back by then. What a callback throws is logged.
   */
  public void onEnd(Runnable callback) {
    requireNonNull(callback, "callback");
    Briefly.lock(lock);
    try {
      if (phase != Phase.ENDED) {
        callbacks.add(callback);
        return;
      }
    } finally {
      lock.unlock();
    }
    call(callback);
  }

  /**
   * Gives up on a thread that ignores interruption. Nobody waits for it any more; its permit is
   * replaced as long as not too many are, and else comes back when the thread ends. A body that has
   * not begun never will.
   *
   * @return true if this call gave the task up; false if it has ended or been given up before
   */
  public boolean abandon() {
    if (!owner.book().abandon(this)) {
      return false;
    }
    abandoned = true;
    owner.admitWaiting();
    owner.forget(this);
    mark.ended();
    return true;
  }

  /**
   * Does all of it, on the agent's thread. A second call, or one after a failed start, does none.
   */
  void run(TimeSource time) {
    if (!begin()) {
      return;
    }
    mark.entered();
    Thread self = Thread.currentThread();
    ClassLoader own = self.getContextClassLoader();
    try {
      self.setContextClassLoader(contextClassLoader);
      if (!abandoned) {
        body.run();
      }
    } catch (Throwable e) {
      failure = e;
      log.error("task '{}' failed", name, e);
    } finally {
      self.setContextClassLoader(own);
      finish(time);
    }
  }

  /** Undoes a start that no thread took. */
  void neverRan() {
    Briefly.lock(lock);
    try {
      phase = Phase.ENDED;
    } finally {
      lock.unlock();
    }
    owner.book().end(this);
    owner.admitWaiting();
    owner.forget(this);
    mark.ended();
  }

  private boolean begin() {
    Briefly.lock(lock);
    try {
      if (phase != Phase.NEW) {
        return false;
      }
      phase = Phase.RUNNING;
      thread = Thread.currentThread();
      if (interruptAtBegin) {
        thread.interrupt();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void finish(TimeSource time) {
    // The mark of an abandoned task has ended already, but what it causes now counts as work.
    time.taskStarted();
    owner.book().end(this);
    for (Runnable callback : leaveThread()) {
      call(callback);
    }
    owner.admitWaiting();
    owner.forget(this);
    Thread.interrupted();
    mark.ended();
    time.taskEnded();
  }

  /** From here on no interrupt comes in; clears the one that may have. */
  private List<Runnable> leaveThread() {
    Briefly.lock(lock);
    try {
      phase = Phase.ENDED;
      thread = null;
      Thread.interrupted();
      List<Runnable> due = callbacks;
      callbacks = List.of();
      return due;
    } finally {
      lock.unlock();
    }
  }

  private void call(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      log.error("a callback at the end of task '{}' failed; the others run", name, e);
    }
  }
}

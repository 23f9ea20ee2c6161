// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.secret.Log;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent may act, and how it is stopped. Any thread may cancel; the first cause stays. No
 * lock is held while a hook runs.
 */
final class AgentControl {
  private static final Log log = Log.of(AgentControl.class);

  private final AgentId agent;
  private final ControlThreads threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Runnable> hooks = new LinkedHashSet<>(2);
  private volatile @Nullable Cause cause;
  private volatile boolean hookFailed;
  private volatile @Nullable AgentTask task;

  /** Foreign abort hooks under way, and who is told when some come back. Under the lock. */
  private int aborting;

  private final List<Runnable> whenAborted = new ArrayList<>(0);

  AgentControl(AgentId agent, ControlThreads threads) {
    this.agent = agent;
    this.threads = threads;
  }

  /** Names the thread to interrupt. */
  void runsOn(AgentTask started) {
    task = started;
    if (cause != null) {
      started.interrupt();
    }
  }

  /** The task the agent runs on, if it has one. */
  @Nullable AgentTask task() {
    return task;
  }

  /**
   * Stops the agent: flag first, then its calls, then its thread. False if it was stopped before.
   */
  boolean cancel(Cause why) {
    List<Runnable> due;
    lock.lock();
    try {
      if (cause != null) {
        return false;
      }
      cause = why;
      due = new ArrayList<>(hooks);
      hooks.clear();
    } finally {
      lock.unlock();
    }
    due.forEach(this::call);
    AgentTask running = task;
    if (running != null) {
      running.interrupt();
    }
    return true;
  }

  private void call(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException | Error e) {
      if (cause != null) {
        hookFailed = true;
      }
      log.warn("agent {}: aborting its call failed", agent, e);
    }
  }

  /** Calls what models and tools gave to be aborted by, on a thread of its own: it may hang. */
  void callAborts(List<Runnable> foreign) {
    if (foreign.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      aborting++;
    } finally {
      lock.unlock();
    }
    threads.abort(
        () -> {
          foreign.forEach(this::call);
          aborted();
        });
  }

  private void aborted() {
    List<Runnable> told;
    lock.lock();
    try {
      aborting--;
      told = List.copyOf(whenAborted);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }

  /** Has a short task run whenever abort hooks have come back. */
  void onAborted(Runnable listener) {
    lock.lock();
    try {
      whenAborted.add(listener);
    } finally {
      lock.unlock();
    }
  }

  /** Whether abort hooks have not come back yet. */
  boolean aborting() {
    lock.lock();
    try {
      return aborting > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Registers what aborts a call; runs it at once if the agent is stopped already. */
  void onCancel(Runnable hook) {
    lock.lock();
    try {
      if (cause == null) {
        hooks.add(hook);
        return;
      }
    } finally {
      lock.unlock();
    }
    call(hook);
  }

  /** Forgets a hook whose call is over. */
  void forget(Runnable hook) {
    lock.lock();
    try {
      hooks.remove(hook);
    } finally {
      lock.unlock();
    }
  }

  boolean cancelled() {
    return cause != null;
  }

  @Nullable Cause cause() {
    return cause;
  }

  boolean hookFailed() {
    return hookFailed;
  }

  /** Throws if the agent may not act any more. */
  void check() {
    Cause why = cause;
    if (why != null) {
      throw new AgentStoppedException(agent.value(), why);
    }
  }
}

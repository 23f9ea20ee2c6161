// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.secret.Log;
import java.util.function.Consumer;

/**
 * The threads of one run: waited for together, held together. Thread safe; nothing here blocks.
 *
 * <p>Who frees threads tells the next run that it is admitted, on its own thread: an agent's thread
 * as it ends, a caller of {@link #release()}, {@link #cancel()} or {@link AgentTask#abandon()}.
 */
public final class Admission {
  private static final Log log = Log.of(Admission.class);

  enum State {
    QUEUED,
    ADMITTED,
    RELEASED
  }

  final int threads;
  private final AgentThreads owner;
  private final Consumer<Admission> whenAdmitted;
  private final Consumer<AdmissionRefusedException> whenRefused;

  /** Under the lock of the {@link PermitBook}. */
  State state = State.QUEUED;

  /** How many of the permits are with tasks. Under the lock of the {@link PermitBook}. */
  int inUse;

  Admission(
      AgentThreads owner,
      int threads,
      Consumer<Admission> whenAdmitted,
      Consumer<AdmissionRefusedException> whenRefused) {
    this.owner = owner;
    this.threads = threads;
    this.whenAdmitted = whenAdmitted;
    this.whenRefused = whenRefused;
  }

  /** Returns how many tasks may run at once. */
  public int threads() {
    return threads;
  }

  /** Says whether tasks may be started: admitted, and not released. */
  public boolean admitted() {
    return owner.book().isAdmitted(this);
  }

  /**
   * Starts a task on a thread of its own. Any thread may call it. The context of the calling thread
   * is carried to the task by the {@link io.agentgovernance.spi.ContextPropagator}, as is its
   * context class loader.
   *
   * @param name what to call the task in messages
   * @param body what to do; what it throws is logged and kept in {@link AgentTask#failure()}
   * @throws IllegalStateException if not admitted, or if all threads of the run are in use
   * @throws AdmissionRefusedException if closed, or if the host's executor refuses the task
   */
  public AgentTask start(String name, Runnable body) {
    return owner.start(this, name, body);
  }

  /**
   * Gives up waiting.
   *
   * @return true if it was still waiting: it will never be admitted
   */
  public boolean cancel() {
    boolean left = owner.book().leave(this);
    if (left) {
      owner.admitWaiting();
    }
    return left;
  }

  /**
   * Gives the threads back, or the place in the queue. Threads of tasks that have not ended come
   * back as they end. Call it when the run ends, in any state; further calls do nothing.
   */
  public void release() {
    owner.book().release(this);
    owner.admitWaiting();
  }

  void tellAdmitted() {
    try {
      whenAdmitted.accept(this);
    } catch (Throwable e) {
      log.error("a run failed when it was admitted; its {} threads are given back", threads, e);
      release();
    }
  }

  void tellRefused(AdmissionRefusedException refusal) {
    try {
      whenRefused.accept(refusal);
    } catch (Throwable e) {
      log.error("a run failed when it was told that it is not admitted", e);
    }
  }
}

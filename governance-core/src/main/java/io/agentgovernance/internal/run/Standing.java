// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.core.AgentId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Whether an agent goes on, rests until a person decides, or is over: here, or in the process that
 * runs it. Thread safe; the listeners run on the thread that says so and must not block.
 */
final class Standing {
  private final List<Runnable> whenEndedAway = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread; // the agent's own sees what it set
  private volatile boolean suspended;
  private volatile boolean ended;

  /** It rests, without a thread, until it is given one. */
  void rest() {
    suspended = true;
  }

  /** This thread is the agent's from now on. */
  void takeThread() {
    thread = Thread.currentThread();
    goOn();
  }

  /** It goes on, here or in another process. */
  void goOn() {
    suspended = false;
  }

  /** Its task is over for good. */
  void end() {
    ended = true;
  }

  /** Its thread is free: it rests, or else is over. */
  void leaveThread() {
    thread = null;
    ended = !suspended;
  }

  /**
   * Refuses all threads but the agent's own.
   *
   * @throws IllegalStateException on another one
   */
  void requireOwnThread(AgentId id) {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "agent '"
              + id
              + "': its context was used on thread '"
              + Thread.currentThread().getName()
              + "'; only the agent's own thread may. Collect results there and act here.");
    }
  }

  /** It has ended, in another process. */
  void endAway() {
    suspended = false;
    ended = true;
    whenEndedAway.forEach(Runnable::run);
  }

  /** Has a short task run when it has ended in another process. */
  void onEndAway(Runnable listener) {
    whenEndedAway.add(listener);
  }

  boolean suspended() {
    return suspended;
  }

  boolean ended() {
    return ended;
  }
}

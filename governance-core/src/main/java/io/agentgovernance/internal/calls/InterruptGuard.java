// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets another thread interrupt this one while it is inside a piece of foreign code, and never
 * after. Made and left on the guarded thread; {@link #interrupt} may be called from any.
 *
 * <p>A thread has one interrupt flag, so our interrupt and somebody else's at the same moment
 * cannot be told apart. The flag is restored when it was set before the guard was made. Otherwise,
 * if we have interrupted, it is cleared: an interrupt must not hit the agent's next action, and
 * whoever stops an agent also sets a flag of his own, which the runtime looks at before anything
 * else happens. If we have not interrupted, the flag is not touched.
 */
final class InterruptGuard {
  private static final int INSIDE = 0;
  private static final int INTERRUPTING = 1;
  private static final int INTERRUPTED = 2;
  private static final int LEFT = 3;

  private final AtomicInteger state = new AtomicInteger(INSIDE);
  private final Thread thread = Thread.currentThread();
  private final boolean interruptedBefore = thread.isInterrupted();

  /** Interrupts the guarded thread once, unless it has left. */
  boolean interrupt() {
    if (!state.compareAndSet(INSIDE, INTERRUPTING)) {
      return false;
    }
    thread.interrupt();
    state.set(INTERRUPTED);
    return true;
  }

  /** Says whether {@link #interrupt} was called in time. */
  boolean wasInterrupted() {
    int now = state.get();
    return now == INTERRUPTING || now == INTERRUPTED;
  }

  /** Ends the guard: no interrupt comes after this. Says whether one came before. */
  boolean leave() {
    if (state.compareAndSet(INSIDE, LEFT)) {
      return false;
    }
    while (state.get() == INTERRUPTING) {
      Thread.onSpinWait(); // the other thread is between two statements
    }
    Thread.interrupted();
    if (interruptedBefore) {
      thread.interrupt();
    }
    return true;
  }
}

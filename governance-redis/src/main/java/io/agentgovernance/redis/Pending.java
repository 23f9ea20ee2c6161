// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A command whose caller waits for its answer. */
final class Pending<R> {
  final Command<R> command;
  private final Thread caller = Thread.currentThread();
  private @Nullable Applied<R> answer;
  private @Nullable RuntimeException failure;
  private volatile State state = State.WAITING;

  /** What the caller is to do. */
  private enum State {
    WAITING,
    /** Send for all. */
    APPOINTED,
    DONE
  }

  Pending(Command<R> command) {
    this.command = command;
  }

  /** Notes the answer; {@link #wake} tells the caller. */
  void answer(Applied<R> applied) {
    answer = applied;
  }

  /** Notes that there is no answer. */
  void fail(RuntimeException thrown) {
    failure = thrown;
  }

  boolean answered() {
    return answer != null || failure != null;
  }

  void wake() {
    state = State.DONE;
    LockSupport.unpark(caller);
  }

  /** Lets the caller send. */
  void appoint() {
    state = State.APPOINTED;
    LockSupport.unpark(caller);
  }

  /** Waits for the answer or the appointment; whoever sends ends within bounded time. */
  void await() {
    boolean interrupted = false;
    while (state == State.WAITING) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      caller.interrupt();
    }
  }

  boolean done() {
    return state == State.DONE;
  }

  Applied<R> result() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    Applied<R> applied = answer;
    if (applied == null) {
      throw new IllegalStateException("the command was not answered");
    }
    return applied;
  }
}

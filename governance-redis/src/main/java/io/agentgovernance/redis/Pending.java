// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A command whose caller waits for its answer, for so long and no longer. The caller may be asked
 * to work for all while it waits.
 */
final class Pending<R> {
  final Command<R> command;

  /** The command as the log keeps it. */
  final String text;

  private final Thread caller = Thread.currentThread();
  private final long end;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private @Nullable Runnable work;
  private volatile @Nullable Applied<R> answer;
  private volatile @Nullable RuntimeException failure;

  private enum State {
    WAITING,
    /** The caller has work to do for all. */
    APPOINTED,
    DONE,
    /** The caller waits no more: nobody will hear the answer. */
    LEFT
  }

  /** Made by the caller, whose time begins. */
  Pending(Command<R> command, Duration limit) {
    this.command = command;
    this.text = DeltaJson.command(command);
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** Notes the answer; {@link #wake} tells the caller. */
  void answer(Applied<R> applied) {
    answer = applied;
  }

  /** Notes that there is no answer. */
  void fail(RuntimeException thrown) {
    failure = thrown;
  }

  /** Whether the answer is noted, or that there is none. For whoever has the turn. */
  boolean answered() {
    return answer != null || failure != null;
  }

  /** Tells the caller, if it is answered; returns whether it waited to be told. */
  boolean wake() {
    boolean told = answered() && state.compareAndSet(State.WAITING, State.DONE);
    if (told && caller != Thread.currentThread()) {
      LockSupport.unpark(caller);
    }
    return told;
  }

  /** Gives the waiting caller something to do; false if it does not wait. */
  boolean appoint(Runnable task) {
    work = task;
    boolean waits = state.compareAndSet(State.WAITING, State.APPOINTED);
    if (waits) {
      LockSupport.unpark(caller);
    }
    return waits;
  }

  /** Whether the caller waits no more, without having been told. */
  boolean left() {
    return state.get() == State.LEFT;
  }

  /** Waits for the answer, for work, or for the end of its time; returns the work. */
  @Nullable Runnable await() {
    boolean interrupted = false;
    try {
      while (true) {
        State now = state.get();
        if (now == State.APPOINTED) {
          Runnable task = work;
          work = null;
          state.set(State.WAITING);
          return task;
        }
        long time = end - System.nanoTime();
        if (now == State.DONE || (time <= 0 && state.compareAndSet(State.WAITING, State.LEFT))) {
          return null;
        }
        if (time > 0) {
          LockSupport.parkNanos(this, time);
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        caller.interrupt();
      }
    }
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

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import org.jspecify.annotations.Nullable;

/** A timer of the {@link TimerThread}, which guards its fields. */
final class SystemTimer implements TimeSource.Timer {
  final long deadline;
  private final TimerThread owner;

  /** Tells timers of one deadline apart: the older one is due first. */
  long number;

  /**
   * Where it is in the {@link TimerHeap}; -1 if it is not, because it has begun or is cancelled.
   */
  int index = -1;

  /** Null once the timer is not in the heap: it keeps nothing alive then. */
  @Nullable Runnable task;

  SystemTimer(TimerThread owner, long deadline, Runnable task) {
    this.owner = owner;
    this.deadline = deadline;
    this.task = task;
  }

  boolean dueBefore(SystemTimer other) {
    long earlier = deadline - other.deadline;
    return earlier < 0 || (earlier == 0 && number < other.number);
  }

  @Override
  public boolean cancel() {
    return owner.cancel(this);
  }
}

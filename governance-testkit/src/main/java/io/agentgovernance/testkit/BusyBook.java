// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who is busy, as {@link ManualTime} defines it. Used under the clock's monitor only. */
final class BusyBook {
  private final Set<ManualTask> tasks = new LinkedHashSet<>();
  private final Map<Thread, ManualTask> entered = new HashMap<>();
  private final Map<Thread, Integer> timers = new HashMap<>();
  private int work;

  /** Tasks that do not wait. An interrupted one that has not woken up yet is not counted. */
  private int busyTasks;

  void begin(ManualTask task) {
    tasks.add(task);
    busyTasks++;
  }

  /** Makes the calling thread the task's, unless the task was given up before it began. */
  void enter(ManualTask task) {
    if (!tasks.contains(task)) {
      return;
    }
    Thread self = Thread.currentThread();
    ManualTask other = entered.get(self);
    if (other != null || task.thread != null) {
      throw new IllegalStateException(
          "task '%s' cannot enter: %s"
              .formatted(
                  task.name,
                  other == null
                      ? "it has entered before"
                      : "this is the thread of task '" + other.name + "'"));
    }
    entered.put(self, task);
    task.thread = self;
  }

  void end(ManualTask task) {
    if (!tasks.remove(task)) {
      return;
    }
    if (task.thread != null) {
      entered.remove(task.thread);
    }
    if (task.stay == null) {
      busyTasks--;
    } else {
      task.stay.task = null;
    }
  }

  void beginStay(ManualWaiter.Stay stay) {
    stay.task = currentTask();
    if (stay.task != null) {
      stay.task.stay = stay;
      busyTasks--;
    }
  }

  void endStay(ManualWaiter.Stay stay) {
    if (stay.task != null) {
      stay.task.stay = null;
      busyTasks++;
    }
  }

  void beginWork() {
    work++;
  }

  void endWork() {
    if (work == 0) {
      throw new IllegalStateException("taskEnded() without a taskStarted()");
    }
    work--;
  }

  void beginTimer() {
    timers.merge(Thread.currentThread(), 1, Integer::sum);
  }

  void endTimer() {
    timers.computeIfPresent(
        Thread.currentThread(), (thread, depth) -> depth == 1 ? null : depth - 1);
  }

  @Nullable ManualTask currentTask() {
    return entered.get(Thread.currentThread());
  }

  boolean runsTimer(Thread thread) {
    return timers.containsKey(thread);
  }

  /** Cheap; true whenever {@link #isIdle} is. */
  boolean mayBeIdle() {
    return busyTasks == 0 && work == 0 && timers.isEmpty();
  }

  boolean isIdle() {
    return mayBeIdle() && tasks.stream().allMatch(ManualTask::isIdle);
  }

  String describe(Duration patience) {
    List<ManualTask> busy = tasks.stream().filter(task -> !task.isIdle()).toList();
    String tasksThere =
        busy.stream().map(task -> "\n    " + task.describe()).collect(Collectors.joining());
    String timersThere =
        timers.keySet().stream()
            .map(thread -> "\n    a timer on " + thread.getName())
            .collect(Collectors.joining());
    return """
        not idle after %s of real time: %d of %d tasks are busy, work in flight: %d, timers running: %d. \
        A task is idle while it waits at a Waiter of this ManualTime.%s%s"""
        .formatted(
            patience, busy.size(), tasks.size(), work, timers.size(), tasksThere, timersThere);
  }
}

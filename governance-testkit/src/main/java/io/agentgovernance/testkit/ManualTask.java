// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.time.TimeSource;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A task that {@link ManualTime} knows of. The fields are under the clock's monitor. */
final class ManualTask implements TimeSource.Task {
  private static final int FRAMES_SHOWN = 12;

  final String name;
  private final ManualClock clock;
  @Nullable Thread thread;
  ManualWaiter.@Nullable Stay stay;

  ManualTask(ManualClock clock, String name) {
    this.clock = clock;
    this.name = name;
  }

  @Override
  public void entered() {
    clock.enterTask(this);
  }

  @Override
  public void ended() {
    clock.endTask(this);
  }

  /** Waiting, and nothing has happened that is about to wake it. */
  boolean isIdle() {
    return stay != null && !stay.thread.isInterrupted();
  }

  String describe() {
    if (thread == null) {
      return "task '" + name + "' has been started and has no thread yet";
    }
    String where =
        Arrays.stream(thread.getStackTrace())
            .limit(FRAMES_SHOWN)
            .map(frame -> "\n      at " + frame)
            .collect(Collectors.joining());
    return "task '%s' on %s (%s)%s".formatted(name, thread.getName(), thread.getState(), where);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.core.RunId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Who of this process is at which run: in memory, so that it ends with the process. */
final class Holds {
  private final ConcurrentMap<RunId, Long> epochs = new ConcurrentHashMap<>();

  /**
   * Takes notice of what became of a run, before its caller is told.
   *
   * @return the epoch of who held it before; null if nobody did
   */
  @Nullable Long settle(Work<?> work) {
    Long held = epochs.get(work.run());
    RunRow before = work.before();
    if (work instanceof Work.Claim claim) {
      var epoch = claim.result();
      if (epoch != null && epoch.isPresent() && (before == null || !before.hasEnded())) {
        epochs.put(work.run(), epoch.getAsLong());
      }
    } else if (work instanceof Work.Finish finish && Boolean.TRUE.equals(finish.result())) {
      epochs.remove(work.run());
    }
    return held;
  }

  /** The caller was not told. */
  void restore(RunId run, @Nullable Long held) {
    if (held == null) {
      epochs.remove(run);
    } else {
      epochs.put(run, held);
    }
  }

  void release(RunId run, long epoch) {
    epochs.remove(run, epoch);
  }

  boolean held(RunId run) {
    return epochs.containsKey(run);
  }
}

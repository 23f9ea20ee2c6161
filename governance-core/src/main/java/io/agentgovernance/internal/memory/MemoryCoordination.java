// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Coordination within one JVM. Thread safe; nothing blocks. A run's state lives until it is
 * released, which the orchestrator does when the run has ended.
 */
public final class MemoryCoordination implements Coordination {
  /** Leases in one JVM end with the JVM. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final TimeSource time;
  private final ConcurrentHashMap<RunId, MemoryRunStore> runs = new ConcurrentHashMap<>();

  public MemoryCoordination(TimeSource time) {
    this.time = time;
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    MemoryRunStore store = new MemoryRunStore(terms, time);
    return runs.putIfAbsent(terms.run(), store) == null ? Optional.of(store) : Optional.empty();
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    MemoryRunStore store = MemoryRunStore.restored(terms, time, epoch, changes);
    MemoryRunStore before = runs.put(terms.run(), store);
    if (before != null) {
      before.supersede();
    }
    return store;
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return Optional.ofNullable(runs.get(run));
  }

  @Override
  public void release(RunId run) {
    runs.remove(run);
  }

  @Override
  public Duration leaseTtl() {
    return FOR_EVER;
  }

  @Override
  public void close() {
    runs.clear();
  }
}

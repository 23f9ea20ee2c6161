// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Coordination in memory that keeps the stores of ended runs for a test to look at. */
final class KeptStores implements Coordination {
  private final MemoryCoordination real;
  private final UnaryOperator<RunStore> around;
  private final Map<RunId, RunStore> kept = new ConcurrentHashMap<>();
  private volatile boolean remote;

  KeptStores(TimeSource time) {
    this(time, UnaryOperator.identity());
  }

  /**
   * @param around what the runtime gets instead of a real store
   */
  KeptStores(TimeSource time, UnaryOperator<RunStore> around) {
    this.real = new MemoryCoordination(time);
    this.around = around;
  }

  /** Says from now on that it is outside of this JVM. */
  KeptStores outside() {
    remote = true;
    return this;
  }

  /** The real store of a run, ended or not. */
  RunStore of(RunId run) {
    RunStore store = kept.get(run);
    if (store == null) {
      throw new AssertionError("no run " + run);
    }
    return store;
  }

  void forget(RunId run) {
    kept.remove(run);
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    Optional<RunStore> made = real.create(terms);
    made.ifPresent(store -> kept.put(terms.run(), store));
    return made.map(around);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    RunStore restored = real.restore(terms, epoch, changes);
    kept.put(terms.run(), restored);
    return around.apply(restored);
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return real.attach(run);
  }

  @Override
  public void release(RunId run) {
    real.release(run);
  }

  @Override
  public Duration leaseTtl() {
    return real.leaseTtl();
  }

  @Override
  public boolean remote() {
    return remote;
  }

  @Override
  public void close() {
    real.close();
  }
}

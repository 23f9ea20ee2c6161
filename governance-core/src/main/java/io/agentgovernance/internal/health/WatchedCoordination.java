// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.health.Component;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A coordination store of which every call is counted. Thread safe. */
public final class WatchedCoordination implements Coordination {
  private final Coordination real;
  private final Watch watch;

  public WatchedCoordination(Coordination real, HealthBook book) {
    this.real = real;
    this.watch =
        new Watch(book, Component.COORDINATION, e -> e instanceof CoordinationUnavailableException);
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    return watch.call(() -> real.create(terms)).map(this::watched);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    return watched(watch.call(() -> real.restore(terms, epoch, changes)));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return watch.call(() -> real.attach(run)).map(this::watched);
  }

  private RunStore watched(RunStore store) {
    return new WatchedRunStore(store, watch, real.remote());
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
    return real.remote();
  }

  @Override
  public void close() {
    real.close();
  }
}

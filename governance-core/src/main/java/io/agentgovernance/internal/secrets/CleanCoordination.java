// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A coordination store that is told no secrets. Everything an agent writes, says or fails with is a
 * command, and what is remembered and announced is made of commands: so here is where secrets are
 * taken out. Thread safe if the store is.
 */
public final class CleanCoordination implements Coordination {
  private final Coordination store;
  private final Cleaner cleaner;

  public CleanCoordination(Coordination store, Cleaner cleaner) {
    this.store = requireNonNull(store, "store");
    this.cleaner = requireNonNull(cleaner, "cleaner");
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    return store.create(terms).map(this::clean);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    return clean(store.restore(terms, epoch, changes));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return store.attach(run).map(this::clean);
  }

  private RunStore clean(RunStore run) {
    return new CleanRunStore(run, cleaner);
  }

  @Override
  public void release(RunId run) {
    store.release(run);
  }

  @Override
  public Duration leaseTtl() {
    return store.leaseTtl();
  }

  @Override
  public boolean remote() {
    return store.remote();
  }

  @Override
  public void close() {
    store.close();
  }
}

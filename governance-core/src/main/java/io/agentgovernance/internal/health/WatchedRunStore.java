// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.Optional;

/** The state of one run, of which every call that changes it is counted. Thread safe. */
final class WatchedRunStore extends ForwardingRunStore {
  private final Watch watch;

  WatchedRunStore(RunStore real, Watch watch) {
    super(real);
    this.watch = watch;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return watch.call(() -> super.apply(command));
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    return watch.call(() -> super.acquire(resource, owner, ttl));
  }

  @Override
  public boolean renew(Lease lease) {
    return watch.call(() -> super.renew(lease));
  }

  @Override
  public void release(Lease lease) {
    watch.run(() -> super.release(lease));
  }

  @Override
  public boolean holds(String resource, long token) {
    return watch.call(() -> super.holds(resource, token));
  }
}

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

  private final boolean remote;

  /**
   * Watches a store.
   *
   * @param remote whether its calls wait for something outside this JVM
   */
  WatchedRunStore(RunStore real, Watch watch, boolean remote) {
    super(real);
    this.watch = watch;
    this.remote = remote;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return remote
        ? Patience.apply(command, () -> watch.call(() -> super.apply(command)))
        : watch.call(() -> super.apply(command));
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

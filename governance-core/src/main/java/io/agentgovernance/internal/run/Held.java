// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Lease;
import io.agentgovernance.spi.RunStore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A lease this process holds, and whether it may still act on it. Thread safe. The times are those
 * of the monotonic clock.
 */
final class Held {
  /** The time limit of a lease that does not run out. */
  static final long NO_LIMIT = Long.MAX_VALUE;

  private final Leases leases;
  private final RunStore store;
  private final Lease lease;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean over;
  private volatile boolean lost;
  private volatile @Nullable Runnable whenLost;

  /**
   * When this process stops to act, unless the lease is renewed before; under the keeper's lock.
   */
  private volatile long limit;

  /** Under the keeper's lock. */
  long renewAt;

  /** Under the keeper's lock. */
  boolean renewing;

  Held(Leases leases, RunStore store, Lease lease, long limit) {
    this.leases = leases;
    this.store = store;
    this.lease = lease;
    this.limit = limit;
  }

  RunStore store() {
    return store;
  }

  Lease lease() {
    return lease;
  }

  long token() {
    return lease.token();
  }

  long limit() {
    return limit;
  }

  void extend(long until) {
    limit = until;
  }

  /** Has a short task run when the lease is lost; at once if it is. */
  void watch(Runnable listener) {
    whenLost = listener;
    tell();
  }

  /** Whether the holder may act no more: lost, let go, or its time is over. */
  boolean over() {
    return over || (limit != NO_LIMIT && leases.past(limit));
  }

  /** The lease is lost: tells the holder, once. */
  void lose() {
    lost = true;
    over = true;
    tell();
  }

  private void tell() {
    Runnable listener = whenLost;
    if (lost && listener != null && told.compareAndSet(false, true)) {
      listener.run();
    }
  }

  /** Stops to renew it; it runs out by itself. */
  void letRunOut() {
    told.set(true);
    over = true;
    leases.forget(this);
  }

  /**
   * Gives it back, so that others need not wait until it has run out. May wait for the store, but
   * not for one that could not renew it: then there is little left to give back.
   */
  void giveBack() {
    boolean gone = lost || (limit != NO_LIMIT && leases.past(limit));
    letRunOut();
    if (!gone) {
      leases.giveBack(this);
    }
  }
}

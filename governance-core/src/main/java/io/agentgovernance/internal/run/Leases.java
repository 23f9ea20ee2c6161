// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Lease;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The leases this process holds: renews each at a third of its time, all of them by one timer on
 * the monotonic clock, so that a wall clock that jumps changes nothing.
 *
 * <p>The holder reckons with less time than the store grants: from before the request was sent, and
 * without three times the allowance for clocks that drift, which is a twentieth of the lease. So a
 * holder that cannot renew has stopped before anybody else can be granted the lease. Leases that do
 * not run out, those in memory, are not looked at again.
 *
 * <p>Thread safe. The lock is held for the index only; stores are called and holders are told
 * without it, on threads of their own.
 */
public final class Leases {
  /** Leases at least this long do not run out. */
  static final Duration FOR_EVER = Duration.ofDays(36_500);

  private static final int RENEWALS = 3;
  private static final int ALLOWANCES = 20;
  private static final int ALLOWED = 3;
  private static final Log log = Log.of(Leases.class);

  private final TimeSource time;
  private final ControlThreads control;
  private final Duration ttl;
  private final boolean runOut;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Held> held = new LinkedHashSet<>();
  private TimeSource.@Nullable Timer timer;
  private long timerAt;

  public Leases(TimeSource time, ControlThreads control, Coordination coordination) {
    this.time = time;
    this.control = control;
    this.ttl = coordination.leaseTtl();
    this.runOut = ttl.compareTo(FOR_EVER) < 0;
  }

  /** Whether leases run out, so that another process may take over what this one is at. */
  boolean runOut() {
    return runOut;
  }

  /** How long a lease lasts. */
  Duration ttl() {
    return ttl;
  }

  /** How long to wait before looking again whether somebody else's lease has run out. */
  Duration pause() {
    return ttl.dividedBy(RENEWALS);
  }

  /**
   * Takes a lease, and renews it from now on.
   *
   * @param owner who takes it, where leases do not run out; else each acquisition has its own
   */
  Optional<Held> acquire(RunStore store, String resource, String owner) {
    if (!runOut) {
      return store
          .acquire(resource, owner, ttl)
          .map(lease -> new Held(this, store, lease, Held.NO_LIMIT));
    }
    long sent = time.ticks();
    Optional<Lease> granted = store.acquire(resource, UUID.randomUUID().toString(), ttl);
    return granted.map(lease -> keep(new Held(this, store, lease, limit(sent)), sent));
  }

  private Held keep(Held taken, long sent) {
    Briefly.lock(lock);
    try {
      taken.renewAt = sent + ttl.toNanos() / RENEWALS;
      held.add(taken);
      arm();
    } finally {
      lock.unlock();
    }
    return taken;
  }

  /** The last moment at which a holder acts whose request was sent at {@code sent}. */
  private long limit(long sent) {
    return sent + ttl.toNanos() - ALLOWED * (ttl.toNanos() / ALLOWANCES);
  }

  boolean past(long limit) {
    return time.ticks() - limit >= 0;
  }

  /** Sets the timer to the next moment at which something is due. Under the lock. */
  private void arm() {
    long next = Long.MAX_VALUE;
    long now = time.ticks();
    for (Held each : held) {
      next = Math.min(next, (each.renewing ? each.limit() : each.renewAt) - now);
      next = Math.min(next, each.limit() - now);
    }
    TimeSource.Timer armed = timer;
    if (armed != null) {
      if (!held.isEmpty() && timerAt - (now + next) <= 0) {
        return; // it looks early enough
      }
      armed.cancel();
      timer = null;
    }
    if (!held.isEmpty()) {
      timerAt = now + Math.max(0, next);
      timer = control.after(Duration.ofNanos(Math.max(0, next)), this::look);
    }
  }

  private void look() {
    List<Held> lost = new ArrayList<>(0);
    List<Held> due = new ArrayList<>(1);
    Briefly.lock(lock);
    try {
      timer = null;
      long now = time.ticks();
      for (Held each : held) {
        if (now - each.limit() >= 0) {
          lost.add(each);
        } else if (!each.renewing && now - each.renewAt >= 0) {
          each.renewing = true;
          due.add(each);
        }
      }
      lost.forEach(held::remove);
      arm();
    } finally {
      lock.unlock();
    }
    lost.forEach(each -> lose(each, "it could not be renewed in time"));
    due.forEach(each -> control.renew(() -> renew(each)));
  }

  private static void lose(Held lost, String why) {
    log.warn(
        "run {}: the lease of {} is lost: {}",
        lost.store().terms().run(),
        lost.lease().resource(),
        why);
    lost.lose();
  }

  private void renew(Held due) {
    long sent = time.ticks();
    boolean answered = false;
    boolean renewed = false;
    try {
      renewed = due.store().renew(due.lease());
      answered = true;
    } catch (RuntimeException e) {
      log.debug("the lease of {} was not renewed", due.lease().resource(), e);
    }
    boolean refused = answered && !renewed;
    Briefly.lock(lock);
    try {
      due.renewing = false;
      if (renewed && held.contains(due)) {
        due.extend(limit(sent));
        due.renewAt = sent + ttl.toNanos() / RENEWALS;
      } else if (refused) {
        held.remove(due);
      } else {
        due.renewAt = time.ticks() + ttl.toNanos() / ALLOWANCES;
      }
      arm();
    } finally {
      lock.unlock();
    }
    if (refused) {
      lose(due, "the store does not grant it any more");
    }
  }

  void forget(Held over) {
    if (runOut) {
      Briefly.lock(lock);
      try {
        held.remove(over);
        arm();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Releases a lease at its store; one that does not answer lets it run out. */
  void giveBack(Held over) {
    try {
      over.store().release(over.lease());
    } catch (RuntimeException e) {
      log.debug("the lease of {} runs out by itself", over.lease().resource(), e);
    }
  }
}

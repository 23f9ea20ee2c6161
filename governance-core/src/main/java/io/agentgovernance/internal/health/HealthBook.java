// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.event.Subscription;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentHealth;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.health.Health;
import io.agentgovernance.health.HealthListener;
import io.agentgovernance.health.HealthManager;
import io.agentgovernance.health.UnhealthyException;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what fails and what works, and says how each part is doing. Thread safe. One lock for all
 * parts, held for a few steps; a part that is healthy and works is not locked.
 */
public final class HealthBook implements HealthManager {
  private static final Log log = Log.of(HealthBook.class);
  private static final Duration PROBE_PAUSE = Duration.ofSeconds(PROBE_SECONDS);

  /** What is known of one part. All but the first two: written under the lock. */
  private static final class Part {
    final Component component;
    volatile ComponentHealth now;
    int failed;
    int worked;
    boolean tried;
    long triedAt;
    @Nullable Runnable probe;
    boolean probing;

    Part(Component component, ComponentHealth now) {
      this.component = component;
      this.now = now;
    }
  }

  private final TimeSource time;
  private final ControlThreads control;
  private final Executor listening;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Component, Part> parts = new EnumMap<>(Component.class);
  private final List<HealthFeed> feeds = new CopyOnWriteArrayList<>();

  /** A book in which all is healthy. */
  public HealthBook(TimeSource time, ControlThreads control, Executor listening) {
    this.time = time;
    this.control = control;
    this.listening = listening;
    for (Component component : Component.values()) {
      parts.put(
          component,
          new Part(
              component,
              new ComponentHealth(component, ComponentState.HEALTHY, time.now(), 0, "")));
    }
  }

  /** Has a part tried by itself while it is not healthy; the probe's calls are counted. */
  public void probe(Component component, Runnable probe) {
    part(component).probe = probe;
  }

  private Part part(Component component) {
    Part part = parts.get(component);
    if (part == null) {
      throw new AssertionError(component);
    }
    return part;
  }

  /** A call came back. */
  public void worked(Component component) {
    Part part = part(component);
    if (part.now.state() == ComponentState.HEALTHY) {
      return;
    }
    Briefly.lock(lock);
    try {
      part.failed = 0;
      part.tried = false;
      part.worked++;
      if (part.worked >= SUCCESSES_IN_A_ROW) {
        change(part, ComponentState.HEALTHY);
      } else if (part.now.state() == ComponentState.UNHEALTHY) {
        change(part, ComponentState.DEGRADED);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A call failed because of the part. */
  public void failed(Component component, Throwable why) {
    Part part = part(component);
    Briefly.lock(lock);
    try {
      part.worked = 0;
      part.failed++;
      part.tried = false;
      ComponentHealth now = part.now;
      part.now =
          new ComponentHealth(
              component,
              now.state(),
              now.since(),
              now.failures() + 1,
              why.getClass().getSimpleName());
      if (part.failed >= FAILURES_IN_A_ROW) {
        change(part, ComponentState.UNHEALTHY);
      } else if (now.state() == ComponentState.HEALTHY) {
        change(part, ComponentState.DEGRADED);
      }
      if (part.probe != null && !part.probing) {
        part.probing = true;
        probeLater(part);
      }
    } finally {
      lock.unlock();
    }
  }

  /** So many of so many model routes let no call through. */
  public void routes(int open, int all) {
    Part part = part(Component.MODELS);
    Briefly.lock(lock);
    try {
      change(
          part,
          open == 0
              ? ComponentState.HEALTHY
              : open < all ? ComponentState.DEGRADED : ComponentState.UNHEALTHY);
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock, so that listeners are told in order. */
  private void change(Part part, ComponentState to) {
    ComponentHealth before = part.now;
    if (before.state() == to) {
      return;
    }
    ComponentHealth after =
        new ComponentHealth(
            part.component, to, time.now(), before.failures(), before.lastFailure());
    part.now = after;
    log.info("{} is {} (before: {})", part.component, to, before.state());
    feeds.forEach(feed -> feed.offer(before, after));
  }

  private void probeLater(Part part) {
    TimeSource.Timer unused = time.schedule(PROBE_PAUSE, () -> control.renew(() -> probe(part)));
  }

  private void probe(Part part) {
    Runnable probe = part.probe;
    try {
      if (probe != null) {
        probe.run();
      }
    } catch (RuntimeException e) {
      log.debug("{} does not work yet", part.component, e);
    }
    Briefly.lock(lock);
    try {
      part.probing = part.now.state() != ComponentState.HEALTHY;
      if (part.probing) {
        probeLater(part);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses to begin something while what it needs does not work.
   *
   * @throws UnhealthyException if it does not
   */
  public void refuseUnlessWorking() {
    for (Component needed :
        List.of(Component.COORDINATION, Component.CHECKPOINTS, Component.LEDGER)) {
      Part part = part(needed);
      if (part.now.state() == ComponentState.UNHEALTHY && !mayTry(part)) {
        throw new UnhealthyException(part.now);
      }
    }
  }

  /** A part that is not probed is tried by what it is needed for, one at a time. */
  private boolean mayTry(Part part) {
    Briefly.lock(lock);
    try {
      boolean trying = part.tried && time.ticks() - part.triedAt < PROBE_PAUSE.toNanos();
      if (part.probe != null || trying) {
        return false;
      }
      part.tried = true;
      part.triedAt = time.ticks();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Health snapshot() {
    return new Health(time.now(), Stream.of(Component.values()).map(c -> part(c).now).toList());
  }

  /**
   * Has the library itself told of each change from now on, in order, on its control threads: a
   * time source moved by hand stands still until it was. It must not wait for anything.
   */
  public void inform(HealthListener ours) {
    feeds.add(new HealthFeed(ours, control));
  }

  @Override
  public Subscription subscribe(HealthListener listener) {
    HealthFeed feed = new HealthFeed(listener, listening);
    feeds.add(feed);
    return () -> {
      feeds.remove(feed);
      feed.close();
    };
  }
}

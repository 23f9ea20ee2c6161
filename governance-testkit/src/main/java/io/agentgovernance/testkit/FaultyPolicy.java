// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A policy that fails when a test says so, around one that works.
 *
 * <pre>{@code
 * var policy = FaultyPolicy.allowing(time);
 * policy.inject(new PolicyFault.Hang(), Action.TOOL);
 * }</pre>
 *
 * <p>One fault at a time: injecting another replaces it. Thread safe.
 */
public final class FaultyPolicy implements Policy {
  private final Policy real;
  private final TimeSource time;
  private final List<Held> held = new CopyOnWriteArrayList<>();
  private volatile @Nullable Injected injected;

  private record Injected(PolicyFault fault, Set<String> kinds) {}

  private static final class Held {
    private final TimeSource.Waiter waiter;
    private volatile boolean released;

    Held(TimeSource time) {
      this.waiter = time.waiter();
    }
  }

  /** Wraps a policy, healthy at first. The time source is what it waits by. */
  public FaultyPolicy(Policy real, TimeSource time) {
    this.real = requireNonNull(real, "real");
    this.time = requireNonNull(time, "time");
  }

  /** Wraps a policy that allows everything. */
  public static FaultyPolicy allowing(TimeSource time) {
    return new FaultyPolicy(action -> Verdict.allow(), time);
  }

  /** Injects a fault into checks of these kinds of action; none means all. */
  public void inject(PolicyFault fault, String... kinds) {
    injected = new Injected(requireNonNull(fault, "fault"), Set.of(kinds));
  }

  /** Takes the fault away and lets go of what hangs. */
  public void heal() {
    injected = null;
    for (Held hanging : held) {
      hanging.released = true;
      hanging.waiter.signal();
    }
  }

  /** Returns how many checks hang. */
  public int hung() {
    return held.size();
  }

  @Override
  @SuppressWarnings("NullAway") // To return null is what one of the faults is about.
  public Verdict check(Action action) {
    Injected current = injected;
    if (current == null
        || !(current.kinds().isEmpty() || current.kinds().contains(action.kind()))) {
      return real.check(action);
    }
    PolicyFault fault = current.fault();
    if (fault instanceof PolicyFault.Throw) {
      throw new IllegalStateException("injected: the policy throws on " + action.kind());
    } else if (fault instanceof PolicyFault.NullVerdict) {
      return null;
    } else if (fault instanceof PolicyFault.Slow slow) {
      delay(slow.delay());
    } else if (fault instanceof PolicyFault.Hang) {
      hang();
    }
    return real.check(action);
  }

  private void delay(Duration delay) {
    try {
      boolean unused = time.waiter().await(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang() {
    var hanging = new Held(time);
    held.add(hanging);
    try {
      while (!hanging.released && injected != null) {
        hanging.waiter.await(FaultGate.FOREVER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("injected: interrupted while the policy hangs", e);
    } finally {
      held.remove(hanging);
    }
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String version() {
    return real.version();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.internal.calls.BreakerMachine.Transition;
import io.agentgovernance.internal.memory.SerialDelivery;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps calls away from a model route that fails. Thread safe; nothing blocks.
 *
 * <p>A run of failures opens it. After a wait it is half open and lets exactly one call through,
 * the probe: success closes it, failure opens it again for twice as long. A probe that never
 * reports counts as failed after the longest wait.
 *
 * <p>Each permit carries the breaker's generation, the number of transitions at the time. A result
 * that comes after a transition says nothing about the route of now: it is counted and dropped.
 *
 * <p>Listeners are called after the lock is released, one transition at a time, in order.
 */
public final class Breaker {
  /** What a breaker does with calls. */
  public enum State {
    /** Calls pass. */
    CLOSED,
    /** Calls are refused. */
    OPEN,
    /** One call passes, the others are refused. */
    HALF_OPEN
  }

  /** Hears of transitions. Called on whatever thread caused one; what it throws is logged. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The breaker went from one state to another.
     *
     * @param generation the generation that begins with this transition
     */
    void onTransition(State from, State to, long generation);
  }

  /**
   * Whether results of older generations are dropped; ignoring them is for the negative control.
   */
  enum LateResults {
    DROPPED,
    REPORTED
  }

  private static final Log log = Log.of(Breaker.class);

  private final String name;
  private final LateResults lateRule;
  private final BreakerMachine machine; // guarded by the lock
  private long lateResults; // guarded by the lock
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final SerialDelivery<Transition> transitions = new SerialDelivery<>(this::tell);

  /** Makes a closed breaker with the {@link BreakerRules#DEFAULT}. */
  public Breaker(String name, TimeSource time) {
    this(name, BreakerRules.DEFAULT, time);
  }

  /**
   * Makes a closed breaker.
   *
   * @param name the route, for messages
   */
  public Breaker(String name, BreakerRules rules, TimeSource time) {
    this(name, rules, time, LateResults.DROPPED);
  }

  Breaker(String name, BreakerRules rules, TimeSource time, LateResults lateRule) {
    this.name = requireNonNull(name, "name");
    this.lateRule = lateRule;
    this.machine =
        new BreakerMachine(
            name, requireNonNull(rules, "rules"), requireNonNull(time, "time"), transitions::offer);
  }

  /** Makes a breaker that goes on from a snapshot, made by this process or another. */
  public static Breaker restore(
      String name, BreakerRules rules, TimeSource time, BreakerState snapshot) {
    var breaker = new Breaker(name, rules, time);
    breaker.machine.goOnFrom(snapshot); // nobody else has it yet, and nobody listens
    breaker.transitions.drain();
    return breaker;
  }

  /** Returns the name given. */
  public String name() {
    return name;
  }

  /** Adds a listener for the transitions to come. */
  public void onTransition(Listener listener) {
    listeners.add(requireNonNull(listener, "listener"));
  }

  /**
   * Asks to make a call.
   *
   * @return a permit, whose result has to be reported; empty if the call must not be made
   */
  public Optional<Permit> tryAcquire() {
    return locked(
        () -> {
          machine.look();
          if (!machine.admits()) {
            return Optional.empty();
          }
          var permit = new Permit(machine.generation());
          machine.admitted(permit);
          return Optional.of(permit);
        });
  }

  /** Returns the state; an open breaker turns half open when its next call is made. */
  public State state() {
    return locked(machine::state);
  }

  /** Returns the number of transitions so far. */
  public long generation() {
    return locked(machine::generation);
  }

  /** Returns how many results came too late to be reported. */
  public long lateResults() {
    return locked(() -> lateResults);
  }

  /**
   * Returns the time until a call may be let through: zero if one may be now; if a probe is on its
   * way, the time until it is given up, though it may end earlier.
   */
  public Duration untilProbe() {
    return locked(() -> Duration.ofNanos(machine.untilProbeNanos()));
  }

  /**
   * Goes on from what another process saw, unless it has had transitions of its own: an open
   * breaker stays open for what is left of its wait, the probe of a half-open one is made again.
   *
   * @param openings how often it opened since it was last closed
   * @param at when it came into that state
   */
  public void goOnFrom(State seen, int openings, Instant at) {
    boolean unused =
        locked(
            () -> {
              if (seen != State.CLOSED && machine.generation() == 0) {
                machine.openedAt(seen == State.OPEN ? at : Instant.EPOCH, openings);
              }
              return true;
            });
  }

  /** Returns what to restore it from. */
  public BreakerState snapshot() {
    return locked(machine::snapshot);
  }

  private <T> T locked(Supplier<T> work) {
    T result;
    lock.lock();
    try {
      result = work.get();
    } finally {
      lock.unlock();
    }
    transitions.drain();
    return result;
  }

  private void tell(Transition transition) {
    for (Listener listener : listeners) {
      try {
        listener.onTransition(transition.from(), transition.to(), transition.generation());
      } catch (RuntimeException e) {
        log.warn("listener {} of breaker {} failed", listener.getClass(), name, e);
      }
    }
  }

  /** Leave to make one call. Thread safe; what is reported second is ignored. */
  public final class Permit {
    private final long born;
    private boolean used; // guarded by the lock

    private Permit(long born) {
      this.born = born;
    }

    /** Returns the generation this permit is of. */
    public long generation() {
      return born;
    }

    /** Reports that the route answered. */
    public void success() {
      report(machine::succeeded);
    }

    /** Reports that the route failed. */
    public void failure(Throwable cause) {
      requireNonNull(cause, "cause");
      report(() -> machine.failed(cause));
    }

    /** Gives the permit back: the call was not made, or was ended by us and says nothing. */
    public void cancel() {
      locked(
          () -> {
            if (!used && born == machine.generation()) {
              machine.release(this);
            }
            used = true;
            return true;
          });
    }

    private void report(Runnable result) {
      locked(
          () -> {
            if (used) {
              return true;
            }
            used = true;
            boolean late = born != machine.generation();
            if (late) {
              lateResults++;
            }
            if (!late || lateRule == LateResults.REPORTED) {
              result.run();
            }
            return true;
          });
    }
  }
}

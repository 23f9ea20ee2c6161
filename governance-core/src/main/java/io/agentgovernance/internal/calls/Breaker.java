// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.internal.memory.SerialDelivery;
import io.agentgovernance.time.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p>The window and the permits are resilience4j's. All its transitions happen inside our lock, on
 * the calling thread, so generation and state cannot drift apart; it starts no thread. Listeners
 * are called after the lock is released, one transition at a time, in order.
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

  private record Transition(State from, State to, long generation) {}

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  private final String name;
  private final BreakerRules rules;
  private final TimeSource time;
  private final LateResults lateRule;
  private final CircuitBreaker window;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final SerialDelivery<Transition> transitions = new SerialDelivery<>(this::tell);

  // Guarded by the lock.
  private State state = State.CLOSED;
  private long generation;
  private int failures;
  private int openings;
  private long probeAt;
  private @Nullable Permit probe;
  private long lateResults;

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
    this.rules = requireNonNull(rules, "rules");
    this.time = requireNonNull(time, "time");
    this.lateRule = lateRule;
    var clock = new TickClock(time);
    CircuitBreakerConfig config =
        CircuitBreakerConfig.custom()
            .slidingWindow(rules.failures(), rules.failures(), SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(100)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitIntervalFunctionInOpenState(n -> rules.waitFor(openings + 1).toMillis())
            .recordException(e -> true)
            .clock(clock)
            .currentTimestampFunction(c -> time.ticks(), TimeUnit.NANOSECONDS)
            .build();
    this.window = CircuitBreaker.of(name, config);
    window.getEventPublisher().onStateTransition(e -> moved(e.getStateTransition()));
  }

  /** Makes a breaker that goes on from a snapshot, made by this process or another. */
  public static Breaker restore(
      String name, BreakerRules rules, TimeSource time, BreakerState snapshot) {
    var breaker = new Breaker(name, rules, time);
    breaker.locked(
        () -> {
          breaker.goOnFrom(snapshot);
          return snapshot;
        });
    return breaker;
  }

  private void goOnFrom(BreakerState snapshot) {
    if (snapshot.state() == State.CLOSED) {
      for (int i = 0; i < Math.min(snapshot.failures(), rules.failures() - 1); i++) {
        failed(new RestoredFailure());
      }
    } else {
      Duration left =
          snapshot.probeAt() == null
              ? Duration.ZERO
              : Duration.between(time.now(), snapshot.probeAt());
      if (left.compareTo(rules.maxWait()) > 0) {
        left = rules.maxWait(); // the clock of the other machine may be anywhere
      }
      window.transitionToOpenState();
      openings = Math.max(1, snapshot.openings());
      probeAt = time.ticks() + Math.max(0, left.toNanos());
    }
    generation = snapshot.generation();
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
          if (state == State.HALF_OPEN && probe != null && untilProbeNanos() == 0) {
            failed(new LostProbe());
          }
          if (state == State.OPEN && untilProbeNanos() == 0) {
            window.transitionToHalfOpenState();
          }
          if (!window.tryAcquirePermission()) {
            return Optional.empty();
          }
          var permit = new Permit(generation);
          if (state == State.HALF_OPEN) {
            probe = permit;
            probeAt = time.ticks() + rules.maxWait().toNanos();
          }
          return Optional.of(permit);
        });
  }

  /** Returns the state; an open breaker turns half open when its next call is made. */
  public State state() {
    return locked(() -> state);
  }

  /** Returns the number of transitions so far. */
  public long generation() {
    return locked(() -> generation);
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
    return locked(() -> Duration.ofNanos(untilProbeNanos()));
  }

  /** Returns what to restore it from. */
  public BreakerState snapshot() {
    return locked(
        () ->
            new BreakerState(
                state,
                failures,
                openings,
                state == State.OPEN ? time.now().plusNanos(untilProbeNanos()) : null,
                generation));
  }

  private long untilProbeNanos() {
    boolean waiting = state == State.OPEN || (state == State.HALF_OPEN && probe != null);
    return waiting ? Math.max(0, probeAt - time.ticks()) : 0;
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

  private void failed(Throwable cause) {
    failures++;
    window.onError(0, TimeUnit.NANOSECONDS, cause);
  }

  private void succeeded() {
    failures = 0;
    window.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** Called by resilience4j inside our lock, right after it has changed its state. */
  private void moved(StateTransition transition) {
    State from = state;
    state = State.valueOf(transition.getToState().name());
    generation++;
    probe = null;
    failures = 0;
    if (state == State.OPEN) {
      openings++;
      probeAt = time.ticks() + rules.waitFor(openings).toNanos();
    } else if (state == State.CLOSED) {
      openings = 0;
    }
    transitions.offer(new Transition(from, state, generation));
  }

  private void tell(Transition transition) {
    for (Listener listener : listeners) {
      try {
        listener.onTransition(transition.from, transition.to, transition.generation);
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
      report(Breaker.this::succeeded);
    }

    /** Reports that the route failed. */
    public void failure(Throwable cause) {
      requireNonNull(cause, "cause");
      report(() -> failed(cause));
    }

    /** Gives the permit back: the call was not made, or was ended by us and says nothing. */
    public void cancel() {
      locked(
          () -> {
            if (!used && born == generation) {
              window.releasePermission();
              if (probe == this) {
                probe = null;
              }
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
            if (born != generation) {
              lateResults++;
            }
            if (born == generation || lateRule == LateResults.REPORTED) {
              result.run();
            }
            return true;
          });
    }
  }

  /** Stands for a failure before the snapshot. */
  private static final class RestoredFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Stands for a probe that never reported. */
  private static final class LostProbe extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.internal.calls.Breaker.State;
import io.agentgovernance.time.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A breaker's state. Not thread safe: {@link Breaker} locks around every call.
 *
 * <p>The window and the permits are resilience4j's. All its transitions happen inside the calls
 * made here, so generation and state cannot drift apart; it starts no thread.
 */
final class BreakerMachine {
  record Transition(State from, State to, long generation) {}

  private final BreakerRules rules;
  private final TimeSource time;
  private final CircuitBreaker window;
  private final Consumer<Transition> listener;

  private State state = State.CLOSED;
  private long generation;
  private int failures;
  private int openings;
  private long probeAt;
  private @Nullable Object prober;

  /**
   * Makes a closed one.
   *
   * @param listener hears of transitions while they happen
   */
  BreakerMachine(String name, BreakerRules rules, TimeSource time, Consumer<Transition> listener) {
    this.rules = rules;
    this.time = time;
    this.listener = listener;
    this.window = CircuitBreaker.of(name, config(new TickClock(time)));
    window.getEventPublisher().onStateTransition(e -> moved(e.getStateTransition()));
  }

  private CircuitBreakerConfig config(TickClock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(rules.failures(), rules.failures(), SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(100)
        .permittedNumberOfCallsInHalfOpenState(1)
        .waitIntervalFunctionInOpenState(n -> rules.waitFor(openings + 1).toMillis())
        .recordException(e -> true)
        .clock(clock)
        .currentTimestampFunction(c -> time.ticks(), TimeUnit.NANOSECONDS)
        .build();
  }

  State state() {
    return state;
  }

  long generation() {
    return generation;
  }

  /** Brings the state up to the time. */
  void look() {
    if (state == State.HALF_OPEN && prober != null && untilProbeNanos() == 0) {
      failed(new LostProbe());
    }
    if (state == State.OPEN && untilProbeNanos() == 0) {
      window.transitionToHalfOpenState();
    }
  }

  /** Says whether a call may be made now. */
  boolean admits() {
    return window.tryAcquirePermission();
  }

  /** Notes who was admitted: when half open, that is the probe. */
  void admitted(Object holder) {
    if (state == State.HALF_OPEN) {
      prober = holder;
      probeAt = time.ticks() + rules.maxWait().toNanos();
    }
  }

  /** Takes back what was admitted in this generation. */
  void release(Object holder) {
    window.releasePermission();
    if (prober == holder) {
      prober = null;
    }
  }

  void failed(Throwable cause) {
    failures++;
    window.onError(0, TimeUnit.NANOSECONDS, cause);
  }

  void succeeded() {
    failures = 0;
    window.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  long untilProbeNanos() {
    boolean waiting = state == State.OPEN || (state == State.HALF_OPEN && prober != null);
    return waiting ? Math.max(0, probeAt - time.ticks()) : 0;
  }

  BreakerState snapshot() {
    return new BreakerState(
        state,
        failures,
        openings,
        state == State.OPEN ? time.now().plusNanos(untilProbeNanos()) : null,
        generation);
  }

  /** Opens it as it was opened then. */
  void openedAt(Instant at, int count) {
    goOnFrom(new BreakerState(State.OPEN, 0, count, at.plus(rules.waitFor(count)), 1));
  }

  void goOnFrom(BreakerState snapshot) {
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
      probeAt = time.ticks() + (left.isNegative() ? 0 : left.toNanos());
    }
    generation = snapshot.generation();
  }

  /** Called by resilience4j right after it has changed its state. */
  private void moved(StateTransition transition) {
    State from = state;
    state = State.valueOf(transition.getToState().name());
    generation++;
    prober = null;
    failures = 0;
    if (state == State.OPEN) {
      openings++;
      probeAt = time.ticks() + rules.waitFor(openings).toNanos();
    } else if (state == State.CLOSED) {
      openings = 0;
    }
    listener.accept(new Transition(from, state, generation));
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

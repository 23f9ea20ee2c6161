// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.internal.calls.Breaker.LateResults;
import io.agentgovernance.internal.calls.Breaker.Permit;
import io.agentgovernance.internal.calls.Breaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scenario F25: a trip, many threads at half-open, and a result from before the trip. */
class BreakerStressTest {
  private static final int REPETITIONS = 100;
  private static final int THREADS = 50;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void admitsOneProbeAndIsNotClosedByALateSuccess() throws Exception {
    for (int i = 0; i < REPETITIONS; i++) {
      Outcome outcome = scenario(LateResults.DROPPED);

      assertThat(outcome.openedAt).isEqualTo(5);
      assertThat(outcome.admitted).hasSize(1);
      assertThat(outcome.breaker.state()).isEqualTo(State.HALF_OPEN);
      assertThat(outcome.breaker.lateResults()).isEqualTo(1);
      outcome.admitted.get(0).success();
      assertThat(outcome.breaker.state()).isEqualTo(State.CLOSED);
      assertThat(outcome.breaker.generation()).isEqualTo(3);
    }
  }

  /** The negative control: reported without its generation, the late success closes the breaker. */
  @Test
  void withoutGenerationsTheLateSuccessClosesIt() throws Exception {
    int closed = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      closed += scenario(LateResults.REPORTED).breaker.state() == State.CLOSED ? 1 : 0;
    }

    assertThat(closed).isPositive();
  }

  private record Outcome(Breaker breaker, int openedAt, List<Permit> admitted) {}

  private Outcome scenario(LateResults lateResults) throws Exception {
    var time = new HandTime();
    var breaker = new Breaker("x", BreakerRules.DEFAULT, time, lateResults);
    Permit late = breaker.tryAcquire().orElseThrow();
    int failures = 0;
    while (breaker.state() == State.CLOSED) {
      breaker.tryAcquire().orElseThrow().failure(new java.io.IOException("down"));
      failures++;
    }
    time.advance(Duration.ofSeconds(30));

    var barrier = new CyclicBarrier(THREADS + 1);
    List<Future<Optional<Permit>>> attempts = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Callable<Optional<Permit>> attempt =
          () -> {
            barrier.await();
            return breaker.tryAcquire();
          };
      attempts.add(threads.submit(attempt));
    }
    Future<?> lateCaller =
        threads.submit(
            () -> {
              barrier.await();
              late.success();
              return true;
            });
    List<Permit> admitted = new ArrayList<>();
    for (Future<Optional<Permit>> attempt : attempts) {
      attempt.get().ifPresent(admitted::add);
    }
    lateCaller.get();
    return new Outcome(breaker, failures, admitted);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Subscription;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.HealthListener;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is told of a change of health, and whether time moved by hand waits for it. */
class HealthBookTest {
  private final CountingTime time = new CountingTime();
  private final CompletableFuture<Integer> inFlight = new CompletableFuture<>();
  private final HealthListener listener = (before, after) -> inFlight.complete(time.inFlight.get());

  @Test
  void timeStandsStillUntilTheLibraryItselfWasTold() {
    try (var control = new ControlThreads(time)) {
      var book = new HealthBook(time, control, Runnable::run);
      book.inform(listener);
      book.failed(Component.LEDGER, new IllegalStateException("full"));

      assertThat(inFlight.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(1);
    }
  }

  /** The control: a host may take as long as it likes. */
  @Test
  void timeDoesNotWaitForAHost() {
    try (var control = new ControlThreads(time)) {
      var book = new HealthBook(time, control, Runnable::run);
      Subscription unused = book.subscribe(listener);
      book.failed(Component.LEDGER, new IllegalStateException("full"));

      assertThat(inFlight.orTimeout(20, TimeUnit.SECONDS).join()).isZero();
    }
  }

  /** Counts what is in flight. */
  private static final class CountingTime implements TimeSource {
    private final AtomicInteger inFlight = new AtomicInteger();

    @Override
    public void taskStarted() {
      inFlight.incrementAndGet();
    }

    @Override
    public void taskEnded() {
      inFlight.decrementAndGet();
    }

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long ticks() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return () -> true;
    }

    @Override
    public Waiter waiter() {
      throw new UnsupportedOperationException("nobody waits here");
    }
  }
}

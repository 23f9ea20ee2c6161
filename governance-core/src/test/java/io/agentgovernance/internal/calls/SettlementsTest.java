// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SettlementsTest {
  private static final Usage USED = new Usage(3, 4, new BigDecimal("0.01"));

  private final HandTime time = new HandTime();
  private final Settlements settlements = new Settlements(time);
  private final List<Usage> settled = new CopyOnWriteArrayList<>();
  private final Semaphore done = new Semaphore(0);
  private final Semaphore over = new Semaphore(0);

  /** Knows what the reply cost when it is asked for the n-th time; fails when asked first. */
  private static final class Provider implements ChatModel {
    private final int knowsAt;
    private final Semaphore asked = new Semaphore(0);
    private volatile int times;

    Provider(int knowsAt) {
      this.knowsAt = knowsAt;
    }

    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) {
      throw new AssertionError("not called");
    }

    @Override
    public Optional<Usage> usageOf(String replyId) {
      assertThat(replyId).isEqualTo("gen-1");
      int now = times + 1;
      times = now;
      try {
        if (now == 1 && knowsAt != 1) {
          throw new ModelException(ModelException.Kind.UNAVAILABLE, "down");
        }
        return now >= knowsAt ? Optional.of(USED) : Optional.empty();
      } finally {
        asked.release();
      }
    }
  }

  private void ask(Provider provider) {
    settlements.ask(
        provider,
        "gen-1",
        usage -> {
          settled.add(usage);
          done.release();
        },
        over::release);
  }

  /** Lets the next wait pass, once the time before it has been answered. */
  private void pass(Provider provider, int number) throws InterruptedException {
    while (time.pendingTimers() == 0) {
      Thread.onSpinWait(); // the thread that asks sets the next timer
    }
    time.advance(Settlements.WAITS.get(number - 1));
    assertThat(provider.asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void asksAgainUntilTheProviderKnows() throws Exception {
    Provider provider = new Provider(3);
    ask(provider);
    assertThat(settlements.pending()).isEqualTo(1);

    pass(provider, 1);
    pass(provider, 2);
    assertThat(settled).isEmpty();
    pass(provider, 3);

    assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(settled).containsExactly(USED);
    assertThat(provider.times).isEqualTo(3);
    settlements.close();
    assertThat(settlements.pending()).isZero();
    assertThat(over.availablePermits()).isEqualTo(1);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void givesUpAfterFiveTimesAndTheEstimateStays() throws Exception {
    Provider provider = new Provider(6);
    ask(provider);
    for (int number = 1; number <= 5; number++) {
      pass(provider, number);
    }
    settlements.close();

    assertThat(settled).isEmpty();
    assertThat(provider.times).isEqualTo(5);
    assertThat(settlements.pending()).isZero();
    assertThat(over.availablePermits()).isEqualTo(1);
  }

  @Test
  void closingAsksALastTime() {
    Provider provider = new Provider(1);
    ask(provider);

    settlements.close();
    settlements.close();

    assertThat(settled).containsExactly(USED);
    assertThat(over.availablePermits()).isEqualTo(1);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void afterClosingNobodyIsAsked() {
    settlements.close();
    Provider provider = new Provider(1);
    ask(provider);

    assertThat(provider.times).isZero();
    assertThat(over.availablePermits()).isEqualTo(1);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void moreThanTheyCanHoldStayEstimates() {
    Provider provider = new Provider(1);
    for (int i = 0; i < Settlements.MAX_PENDING + 5; i++) {
      ask(provider);
    }
    assertThat(settlements.pending()).isEqualTo(Settlements.MAX_PENDING);
    assertThat(over.availablePermits()).isEqualTo(5);
    settlements.close();
    assertThat(over.availablePermits()).isEqualTo(Settlements.MAX_PENDING + 5);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptExchangeTest {
  private final HandTime time = new HandTime();
  private final List<String> deltas = new ArrayList<>();
  private final AttemptExchange exchange = exchange();

  @Test
  void tellsForWhomTheCallIs() {
    assertThat(exchange.run()).isEqualTo(RunId.of("run1"));
    assertThat(exchange.agent()).isEqualTo(AgentId.of("run1-beta"));
    assertThat(exchange.role()).isEqualTo(AgentRole.BETA);
    assertThat(exchange.phase()).isEqualTo(AgentPhase.PLAN);
    assertThat(exchange.turn()).isEqualTo(4);
    assertThat(exchange.idempotencyKey()).isEqualTo("key");
    assertThat(exchange.time()).isSameAs(time);
  }

  @Test
  void theTimeLeftIsNeverNegative() {
    assertThat(exchange.remaining()).isEqualTo(Duration.ofSeconds(10));
    time.advance(Duration.ofSeconds(4));
    assertThat(exchange.remaining()).isEqualTo(Duration.ofSeconds(6));
    time.advance(Duration.ofSeconds(60));
    assertThat(exchange.remaining()).isZero();
  }

  @Test
  void anAbortRunsEachHookOnceAlthoughOneFails() {
    var runs = new AtomicInteger();
    exchange.onAbort(runs::incrementAndGet);
    exchange.onAbort(
        () -> {
          throw new IllegalStateException("hook");
        });
    exchange.onAbort(runs::incrementAndGet);

    exchange.abort();
    exchange.abort();

    assertThat(exchange.aborted()).isTrue();
    assertThat(runs).hasValue(2);
  }

  @Test
  void aHookAfterTheAbortRunsAtOnce() {
    var runs = new AtomicInteger();
    exchange.abort();

    exchange.onAbort(runs::incrementAndGet);

    assertThat(runs).hasValue(1);
  }

  @Test
  void aHookRunsOnceEvenIfItIsRegisteredDuringTheAbort() throws Exception {
    for (int i = 0; i < 500; i++) {
      AttemptExchange raced = exchange();
      var runs = new AtomicInteger();
      var barrier = new CyclicBarrier(2);
      var aborting =
          new FutureTask<>(
              () -> {
                barrier.await();
                raced.abort();
                return true;
              });
      new Thread(aborting).start();
      barrier.await();
      raced.onAbort(runs::incrementAndGet);
      aborting.get();

      assertThat(runs).hasValue(1);
    }
  }

  @Test
  void deltasArePassedOnUntilTheAbort() {
    exchange.delta("a");
    exchange.delta("b");
    exchange.abort();
    exchange.delta("c");

    assertThat(deltas).containsExactly("a", "b");
  }

  @Test
  void aConsumerThatFailsDoesNotEndTheCall() {
    var failing =
        new AttemptExchange(
            caller(),
            "key",
            time,
            Duration.ofSeconds(1),
            text -> {
              throw new IllegalStateException("listener");
            });

    failing.delta("a");

    assertThat(failing.aborted()).isFalse();
  }

  @Test
  void hooksAreBounded() {
    for (int i = 0; i < AttemptExchange.MAX_HOOKS; i++) {
      exchange.onAbort(() -> {});
    }

    assertThatThrownBy(() -> exchange.onAbort(() -> {})).isInstanceOf(IllegalStateException.class);
  }

  private AttemptExchange exchange() {
    return new AttemptExchange(caller(), "key", time, Duration.ofSeconds(10), deltas::add);
  }

  private static AttemptExchange.Caller caller() {
    return new AttemptExchange.Caller(
        RunId.of("run1"), AgentId.of("run1-beta"), AgentRole.BETA, AgentPhase.PLAN, 4);
  }
}

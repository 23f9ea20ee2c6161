// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptTimeoutTest {
  private static final Duration TIMEOUT = ModelRoute.DEFAULT_CALL_TIMEOUT;
  private static final ChatReply REPLY = ChatReply.of("ok", Usage.ZERO, "m");

  private final HandTime time = new HandTime();
  private final FakeCall call = new FakeCall(time, Duration.ofMinutes(30));

  @Test
  void anAttemptThatTakesTooLongIsAbortedAndTriedAgain() throws Exception {
    var turn = new AtomicInteger();
    ModelRoute route =
        route(
            (request, exchange) -> {
              if (turn.incrementAndGet() > 1) {
                return REPLY;
              }
              time.advance(TIMEOUT);
              assertThat(exchange.aborted()).isTrue();
              throw new ModelException(Kind.ABORTED, "connection closed");
            });

    RoutedReply routed = router(route).call(call);

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(call.timeouts).containsExactly(TIMEOUT, TIMEOUT);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void anAttemptIsNotAbortedBeforeItsTime() throws Exception {
    ModelRoute route =
        route(
            (request, exchange) -> {
              time.advance(TIMEOUT.minusNanos(1));
              assertThat(exchange.aborted()).isFalse();
              return REPLY;
            });

    assertThat(router(route).call(call).attempts()).isEqualTo(1);
    time.advance(TIMEOUT);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aTimeoutNamesTheRouteAndChargesItsBreaker() {
    ModelRoute route = slow(new IllegalStateException("stream closed"));

    ModelException error = failure(route);

    assertThat(error.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(error.retryable()).isTrue();
    assertThat(error).hasMessageContaining("local:").hasMessageContaining("PT1M");
    assertThat(route.breaker().snapshot().failures()).isEqualTo(3);
  }

  @Test
  void runningOutOfTheAgentsTimeIsNoFaultOfTheRoute() {
    var shortCall = new FakeCall(time, Duration.ofSeconds(10));
    ModelRoute route = slow(new ModelException(Kind.ABORTED, "closed"));

    ModelException error =
        catchThrowableOfType(ModelException.class, () -> router(route).call(shortCall));

    assertThat(shortCall.timeouts).containsExactly(Duration.ofSeconds(10));
    assertThat(error.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(route.breaker().snapshot().failures()).isZero();
  }

  @Test
  void whatWasCutOffMayHaveCostWhateverTheModelCallsIt() {
    ModelException lost = failure(slow(new ModelException(Kind.UNAVAILABLE, "connection lost")));

    assertThat(lost.mayHaveCost()).isTrue();
  }

  @Test
  void whatWasNeverSentCostsNothing() {
    ModelException unsent =
        failure(slow(ModelException.of(Kind.ABORTED, "never sent").costNothing().build()));

    assertThat(unsent.mayHaveCost()).isFalse();
  }

  @Test
  void aReplyAfterTheAbortMayBeCutOffAndIsNotUsedButItsUsageIsKept() {
    Usage paid = new Usage(3, 4, null);
    ModelRoute route =
        route(
            (request, exchange) -> {
              time.advance(TIMEOUT);
              return ChatReply.of("half an ans", paid, "m");
            });

    ModelException error = failure(route);

    assertThat(error.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(error.usage()).contains(paid);
  }

  @Test
  void aModelThatIgnoresTheAbortIsInterruptedAndTheInterruptStaysInside() {
    ModelRoute route =
        route(
            (request, exchange) -> {
              time.advance(TIMEOUT);
              assertThat(Thread.currentThread().isInterrupted()).isFalse();
              time.advance(AttemptDeadline.GRACE);
              time.waiter().await(Duration.ofHours(1));
              return REPLY;
            });

    assertThat(failure(route).kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(Thread.interrupted()).isFalse();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void anInterruptOfACancelledCallPassesThroughAlthoughTimeWasUp() {
    ModelRoute route =
        route(
            (request, exchange) -> {
              time.advance(TIMEOUT);
              call.cancelled = true;
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> router(route).call(call)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void anAbortHookThatFailsDoesNotKeepTheAttempt() {
    ModelRoute route =
        route(
            (request, exchange) -> {
              exchange.onAbort(
                  () -> {
                    throw new IllegalStateException("hook");
                  });
              time.advance(TIMEOUT);
              throw new ModelException(Kind.ABORTED, "closed");
            });

    assertThat(failure(route).kind()).isEqualTo(Kind.TIMEOUT);
  }

  private ModelException failure(ModelRoute route) {
    return catchThrowableOfType(ModelException.class, () -> router(route).call(call));
  }

  private ModelRoute slow(RuntimeException end) {
    return route(
        (request, exchange) -> {
          time.advance(exchange.remaining());
          throw end;
        });
  }

  private ModelRoute route(ChatModel model) {
    return ModelRoute.of("local:", "m", model, new Breaker("local:", time));
  }

  private ModelRouter router(ModelRoute route) {
    return new ModelRouter(List.of(route), RetryPolicy.of(new Random(1)), time);
  }
}

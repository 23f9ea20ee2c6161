// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.Usage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelRouterTest {
  private static final ChatReply REPLY = ChatReply.of("ok", Usage.ZERO, "m");

  private final HandTime time = new HandTime();
  private final FakeCall call = new FakeCall(time, Duration.ofMinutes(30));
  private final RetryPolicy retry = RetryPolicy.of(new Random(1));

  @Test
  void theFirstRouteThatAnswersIsTheOne() throws Exception {
    RoutedReply routed = call(route("a", REPLY), route("b", REPLY));

    assertThat(routed.reply()).isEqualTo(REPLY);
    assertThat(routed.route().uri()).isEqualTo("a");
    assertThat(routed.attempts()).isEqualTo(1);
    assertThat(routed.notes()).isEmpty();
    assertThat(call.log).containsExactly("a#1");
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void aRetryableErrorIsRetriedOnTheSameRoute() throws Exception {
    RoutedReply routed = call(route("a", error(Kind.UNAVAILABLE), error(Kind.TIMEOUT), REPLY));

    assertThat(routed.attempts()).isEqualTo(3);
    assertThat(call.log).containsExactly("a#1", "a#2", "a#3");
    assertThat(call.pauses).hasSize(2);
  }

  @Test
  void retriesAreBoundedAndThenTheNextRouteIsTried() throws Exception {
    RoutedReply routed = call(failing("a", Kind.RATE_LIMITED), route("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(4);
    assertThat(routed.notes()).containsExactly("a: RATE_LIMITED");
    assertThat(call.log).containsExactly("a#1", "a#2", "a#3", "a RATE_LIMITED", "b#1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"NOT_FOUND", "PAYMENT", "AUTHENTICATION"})
  void anErrorOfTheRouteGoesToTheNextAtOnce(Kind kind) throws Exception {
    RoutedReply routed = call(failing("a", kind), route("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(call.pauses).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"INVALID_REQUEST", "REFUSED", "ABORTED"})
  void anErrorOfTheRequestEndsTheCall(Kind kind) {
    ModelRoute first = failing("a", kind);

    ModelException error = failure(first, route("b", REPLY));

    assertThat(error.kind()).isEqualTo(kind);
    assertThat(call.log).containsExactly("a#1", "a " + kind);
    assertThat(first.breaker().snapshot().failures()).isZero();
  }

  @Test
  void theLastErrorIsThrownWhenAllRoutesFail() {
    ModelException error = failure(failing("a", Kind.PAYMENT), failing("b", Kind.NOT_FOUND));

    assertThat(error.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(call.log).containsExactly("a#1", "a PAYMENT", "b#1", "b NOT_FOUND");
  }

  @Test
  void anOpenRouteIsSkippedWithoutReserving() throws Exception {
    ModelRoute open = route("a", REPLY);
    trip(open);

    RoutedReply routed = call(open, route("b", REPLY));

    assertThat(routed.route().uri()).isEqualTo("b");
    assertThat(routed.notes()).containsExactly("a: open for PT30S");
    assertThat(call.log).containsExactly("b#1");
  }

  @Test
  void allRoutesOpenCountsForNothingAndSaysWhenToComeBack() {
    ModelRoute first = route("a", REPLY);
    ModelRoute second = route("b", REPLY);
    trip(first);
    time.advance(Duration.ofSeconds(10));
    trip(second);

    var error = catchThrowableOfType(RoutesOpenException.class, () -> call(first, second));

    assertThat(error).isInstanceOf(Uncounted.class);
    assertThat(error.untilProbe()).isEqualTo(Duration.ofSeconds(20));
    assertThat(error.retryable()).isTrue();
    assertThat(error).hasMessageContaining("a, b").hasMessageContaining("PT20S");
    assertThat(call.log).isEmpty();
  }

  @Test
  void aRouteThatOpensBetweenAttemptsIsLeft() throws Exception {
    ModelRoute shaky = failing("a", Kind.UNAVAILABLE);
    for (int i = 0; i < 4; i++) {
      shaky.breaker().tryAcquire().orElseThrow().failure(error(Kind.UNAVAILABLE));
    }

    RoutedReply routed = call(shaky, route("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(routed.notes()).hasSize(2).last().isEqualTo("a: UNAVAILABLE");
    assertThat(call.log).containsExactly("a#1", "a UNAVAILABLE", "b#1");
  }

  @Test
  void aLongRetryAfterIsNotWaitedForButGoesToTheNextRoute() throws Exception {
    ModelException busy =
        ModelException.of(Kind.RATE_LIMITED, "busy").retryAfter(Duration.ofHours(1)).build();

    RoutedReply routed = call(route("a", busy), route("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(call.pauses).isEmpty();
  }

  static Stream<Throwable> undocumented() {
    return Stream.of(
        new IllegalStateException("secret prompt"),
        new AssertionError("secret prompt"),
        new StackOverflowError(),
        new BadInputException("reply", "x", "y", "z"),
        new java.io.IOException("secret prompt"));
  }

  @ParameterizedTest
  @MethodSource("undocumented")
  void whatAModelMayNotThrowIsUnavailableAndNotRetried(Throwable thrown) {
    ModelRoute broken = route("a", thrown);

    ModelException error = failure(broken);

    assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(error.retryable()).isFalse();
    assertThat(error).hasCause(thrown);
    assertThat(error.getMessage()).contains(thrown.getClass().getName()).doesNotContain("secret");
    assertThat(broken.breaker().snapshot().failures()).isEqualTo(1);
  }

  @Test
  void noReplyIsMalformed() {
    assertThat(failure(route("a", (Object) null)).kind()).isEqualTo(Kind.MALFORMED_REPLY);
  }

  @Test
  void memoryRunningOutPassesThrough() {
    ModelRoute broken = route("a", new OutOfMemoryError("test"));

    assertThatThrownBy(() -> call(broken)).isInstanceOf(OutOfMemoryError.class);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void anInterruptPassesThroughAndSaysNothingAboutTheRoute() {
    ModelRoute route = route("a", new InterruptedException());
    trip(route);
    time.advance(Duration.ofSeconds(30));

    assertThatThrownBy(() -> call(route)).isInstanceOf(InterruptedException.class);

    assertThat(route.breaker().state()).isEqualTo(Breaker.State.HALF_OPEN);
    assertThat(route.breaker().tryAcquire()).as("the probe was given back").isPresent();
  }

  @Test
  void aRefusalBeforeTheAttemptPassesThroughUnchanged() {
    for (RuntimeException refusal :
        List.of(new IllegalStateException("budget"), error(Kind.UNAVAILABLE))) {
      ModelRoute route = route("a", REPLY);
      var refusing =
          new FakeCall(time, Duration.ofMinutes(1)) {
            @Override
            public void beforeAttempt(ModelRoute route, int attempt) {
              throw refusal;
            }
          };

      assertThatThrownBy(() -> router(route, route("b", REPLY)).call(refusing)).isSameAs(refusal);

      assertThat(route.breaker().snapshot().failures()).isZero();
      assertThat(refusing.log).isEmpty();
    }
  }

  @Test
  void aCancelledCallTriesNothing() {
    call.cancelled = true;

    assertThat(failure(route("a", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(call.log).isEmpty();
  }

  @Test
  void aCallCancelledWhilePausingEnds() {
    ModelRoute route =
        model(
            "a",
            (request, exchange) -> {
              call.cancelled = call.log.size() == 2;
              throw error(Kind.UNAVAILABLE);
            });
    var stopping =
        new FakeCall(time, Duration.ofMinutes(1)) {
          @Override
          public boolean pause(Duration wait) {
            cancelled = true;
            return false;
          }
        };

    ModelException error =
        catchThrowableOfType(
            ModelException.class, () -> router(route, route("b", REPLY)).call(stopping));

    assertThat(error.kind()).isEqualTo(Kind.ABORTED);
    assertThat(error).hasCauseInstanceOf(ModelException.class);
    assertThat(stopping.log).containsExactly("a#1", "a ABORTED");
  }

  @Test
  void anErrorThatCameFromCancellingIsAbortedAndNoFaultOfTheRoute() {
    ModelRoute route =
        model(
            "a",
            (request, exchange) -> {
              call.cancelled = true;
              throw error(Kind.UNAVAILABLE);
            });

    assertThat(failure(route, route("b", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(route.breaker().snapshot().failures()).isZero();
  }

  @Test
  void withNoTimeLeftNothingIsTried() {
    time.advance(Duration.ofHours(1));

    assertThat(failure(route("a", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(call.log).isEmpty();
  }

  private RoutedReply call(ModelRoute... routes) throws InterruptedException {
    return router(routes).call(call);
  }

  private ModelException failure(ModelRoute... routes) {
    return catchThrowableOfType(ModelException.class, () -> call(routes));
  }

  private ModelRouter router(ModelRoute... routes) {
    return new ModelRouter(List.of(routes), retry, time);
  }

  private ModelRoute failing(String uri, Kind kind) {
    return model(
        uri,
        (request, exchange) -> {
          throw error(kind);
        });
  }

  /** A route that gives these replies and errors, one each time. */
  private ModelRoute route(String uri, Object... outcomes) {
    Deque<List<Object>> script = new ArrayDeque<>();
    Arrays.stream(outcomes).map(o -> Arrays.asList(o)).forEach(script::add);
    return model(
        uri,
        (request, exchange) -> {
          Object outcome = script.remove().get(0);
          if (outcome instanceof Throwable thrown) {
            throw PolicyChainTest.sneaky(thrown);
          }
          return (ChatReply) outcome;
        });
  }

  private ModelRoute model(String uri, ChatModel model) {
    return ModelRoute.of(uri, "m", model, new Breaker(uri, time));
  }

  private static void trip(ModelRoute route) {
    for (int i = 0; i < 5; i++) {
      route.breaker().tryAcquire().orElseThrow().failure(error(Kind.UNAVAILABLE));
    }
  }

  private static ModelException error(Kind kind) {
    return new ModelException(kind, "it said no");
  }
}

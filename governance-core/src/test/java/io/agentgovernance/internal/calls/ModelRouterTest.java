// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelRouterTest extends Routed {
  @Test
  void theFirstRouteThatAnswersIsTheOne() throws Exception {
    RoutedReply routed = call(routes.scripted("a", REPLY), routes.scripted("b", REPLY));

    assertThat(routed.reply()).isEqualTo(REPLY);
    assertThat(routed.route().uri()).isEqualTo("a");
    assertThat(routed.attempts()).isEqualTo(1);
    assertThat(routed.notes()).isEmpty();
    assertThat(call.log).containsExactly("a#1");
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void aRetryableErrorIsRetriedOnTheSameRoute() throws Exception {
    RoutedReply routed =
        call(
            routes.scripted(
                "a",
                ScriptedRoutes.error(Kind.UNAVAILABLE),
                ScriptedRoutes.error(Kind.TIMEOUT),
                REPLY));

    assertThat(routed.attempts()).isEqualTo(3);
    assertThat(call.log).containsExactly("a#1", "a#2", "a#3");
    assertThat(call.pauses).hasSize(2);
  }

  @Test
  void retriesAreBoundedAndThenTheNextRouteIsTried() throws Exception {
    RoutedReply routed = call(routes.failing("a", Kind.RATE_LIMITED), routes.scripted("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(4);
    assertThat(routed.notes()).containsExactly("a: RATE_LIMITED");
    assertThat(call.log).containsExactly("a#1", "a#2", "a#3", "a RATE_LIMITED", "b#1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"NOT_FOUND", "PAYMENT", "AUTHENTICATION"})
  void anErrorOfTheRouteGoesToTheNextAtOnce(Kind kind) throws Exception {
    RoutedReply routed = call(routes.failing("a", kind), routes.scripted("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(call.pauses).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"INVALID_REQUEST", "REFUSED", "ABORTED"})
  void anErrorOfTheRequestEndsTheCall(Kind kind) {
    ModelRoute first = routes.failing("a", kind);

    ModelException error = failure(first, routes.scripted("b", REPLY));

    assertThat(error.kind()).isEqualTo(kind);
    assertThat(call.log).containsExactly("a#1", "a " + kind);
    assertThat(first.breaker().snapshot().failures()).isZero();
  }

  @Test
  void aRequestTooLongForOneRouteGoesToTheNextAndIsNoFailureOfTheRoute() throws Exception {
    ModelRoute small = routes.failing("a", Kind.TOO_LONG);

    for (int i = 0; i < 6; i++) {
      RoutedReply routed = call(small, routes.scripted("b", REPLY));
      assertThat(routed.notes()).containsExactly("a: TOO_LONG");
    }

    assertThat(small.breaker().state()).isEqualTo(Breaker.State.CLOSED);
    assertThat(small.breaker().snapshot().failures()).isZero();
    assertThat(call.pauses).isEmpty();
  }

  @Test
  void aRequestTooLongForAllRoutesSaysSo() {
    ModelException error =
        failure(routes.failing("a", Kind.TOO_LONG), routes.failing("b", Kind.TOO_LONG));

    assertThat(error.kind()).isEqualTo(Kind.TOO_LONG);
  }

  @Test
  void theLastErrorIsThrownWhenAllRoutesFail() {
    ModelException error =
        failure(routes.failing("a", Kind.PAYMENT), routes.failing("b", Kind.NOT_FOUND));

    assertThat(error.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(call.log).containsExactly("a#1", "a PAYMENT", "b#1", "b NOT_FOUND");
  }

  @Test
  void anOpenRouteIsSkippedWithoutReserving() throws Exception {
    ModelRoute open = routes.scripted("a", REPLY);
    ScriptedRoutes.trip(open);

    RoutedReply routed = call(open, routes.scripted("b", REPLY));

    assertThat(routed.route().uri()).isEqualTo("b");
    assertThat(routed.notes()).containsExactly("a: open for PT30S");
    assertThat(call.log).containsExactly("b#1");
  }

  @Test
  void allRoutesOpenCountsForNothingAndSaysWhenToComeBack() {
    ModelRoute first = routes.scripted("a", REPLY);
    ModelRoute second = routes.scripted("b", REPLY);
    ScriptedRoutes.trip(first);
    time.advance(Duration.ofSeconds(10));
    ScriptedRoutes.trip(second);

    var error = catchThrowableOfType(RoutesOpenException.class, () -> call(first, second));

    assertThat(error).isInstanceOf(Uncounted.class);
    assertThat(error.untilProbe()).isEqualTo(Duration.ofSeconds(20));
    assertThat(error.retryable()).isTrue();
    assertThat(error).hasMessageContaining("a, b").hasMessageContaining("PT20S");
    assertThat(call.log).isEmpty();
  }

  @Test
  void aRouteThatOpensBetweenAttemptsIsLeft() throws Exception {
    ModelRoute shaky = routes.failing("a", Kind.UNAVAILABLE);
    for (int i = 0; i < 4; i++) {
      shaky.breaker().tryAcquire().orElseThrow().failure(ScriptedRoutes.error(Kind.UNAVAILABLE));
    }

    RoutedReply routed = call(shaky, routes.scripted("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(routed.notes()).hasSize(2).last().isEqualTo("a: UNAVAILABLE");
    assertThat(call.log).containsExactly("a#1", "a UNAVAILABLE", "b#1");
  }

  @Test
  void aLongRetryAfterIsNotWaitedForButGoesToTheNextRoute() throws Exception {
    ModelException busy =
        ModelException.of(Kind.RATE_LIMITED, "busy").retryAfter(Duration.ofHours(1)).build();

    RoutedReply routed = call(routes.scripted("a", busy), routes.scripted("b", REPLY));

    assertThat(routed.attempts()).isEqualTo(2);
    assertThat(call.pauses).isEmpty();
  }
}

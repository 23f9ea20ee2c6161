// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What passes through a router, and what ends a call. */
class ModelRouterThrowsTest extends Routed {
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
    ModelRoute broken = routes.scripted("a", thrown);

    ModelException error = failure(broken);

    assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(error.retryable()).isFalse();
    assertThat(error).hasCause(thrown);
    assertThat(error.getMessage()).contains(thrown.getClass().getName()).doesNotContain("secret");
    assertThat(broken.breaker().snapshot().failures()).isEqualTo(1);
  }

  @Test
  void noReplyIsMalformed() {
    assertThat(failure(routes.scripted("a", (Object) null)).kind()).isEqualTo(Kind.MALFORMED_REPLY);
  }

  @Test
  void memoryRunningOutPassesThrough() {
    ModelRoute broken = routes.scripted("a", new OutOfMemoryError("test"));

    assertThatThrownBy(() -> call(broken)).isInstanceOf(OutOfMemoryError.class);
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void anInterruptPassesThroughAndSaysNothingAboutTheRoute() {
    ModelRoute route = routes.scripted("a", new InterruptedException());
    ScriptedRoutes.trip(route);
    time.advance(Duration.ofSeconds(30));

    assertThatThrownBy(() -> call(route)).isInstanceOf(InterruptedException.class);

    assertThat(route.breaker().state()).isEqualTo(Breaker.State.HALF_OPEN);
    assertThat(route.breaker().tryAcquire()).as("the probe was given back").isPresent();
  }

  @Test
  void aRefusalBeforeTheAttemptPassesThroughUnchanged() {
    for (RuntimeException refusal :
        List.of(new IllegalStateException("budget"), ScriptedRoutes.error(Kind.UNAVAILABLE))) {
      ModelRoute route = routes.scripted("a", REPLY);
      var refusing =
          new FakeCall(time, Duration.ofMinutes(1)) {
            @Override
            public void beforeAttempt(ModelRoute route, int attempt) {
              throw refusal;
            }
          };

      assertThatThrownBy(() -> router(route, routes.scripted("b", REPLY)).call(refusing))
          .isSameAs(refusal);

      assertThat(route.breaker().snapshot().failures()).isZero();
      assertThat(refusing.log).isEmpty();
    }
  }

  @Test
  void aCancelledCallTriesNothing() {
    call.cancelled = true;

    assertThat(failure(routes.scripted("a", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(call.log).isEmpty();
  }

  @Test
  void aCallCancelledWhilePausingEnds() {
    ModelRoute route =
        routes.of(
            "a",
            (request, exchange) -> {
              call.cancelled = call.log.size() == 2;
              throw ScriptedRoutes.error(Kind.UNAVAILABLE);
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
            ModelException.class, () -> router(route, routes.scripted("b", REPLY)).call(stopping));

    assertThat(error.kind()).isEqualTo(Kind.ABORTED);
    assertThat(error).hasCauseInstanceOf(ModelException.class);
    assertThat(stopping.log).containsExactly("a#1", "a ABORTED");
  }

  @Test
  void anErrorThatCameFromCancellingIsAbortedAndNoFaultOfTheRoute() {
    ModelRoute route =
        routes.of(
            "a",
            (request, exchange) -> {
              call.cancelled = true;
              throw ScriptedRoutes.error(Kind.UNAVAILABLE);
            });

    assertThat(failure(route, routes.scripted("b", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(route.breaker().snapshot().failures()).isZero();
  }

  @Test
  void withNoTimeLeftNothingIsTried() {
    time.advance(Duration.ofHours(1));

    assertThat(failure(routes.scripted("a", REPLY)).kind()).isEqualTo(Kind.ABORTED);
    assertThat(call.log).isEmpty();
  }
}

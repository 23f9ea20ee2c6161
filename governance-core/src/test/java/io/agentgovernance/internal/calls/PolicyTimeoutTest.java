// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static io.agentgovernance.internal.calls.PolicyChainTest.sneaky;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.calls.Ruling.Allowed;
import io.agentgovernance.internal.calls.Ruling.Denied;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTimeoutTest {
  private static final Policy ALLOW = ((Policy) action -> Verdict.allow()).named("allow", "1");
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandTime time = new HandTime();
  private final Action action = Actions.tool("search");

  @Test
  void aSlowPolicyDeniesAlthoughItAllowed() {
    Ruling ruling =
        chain(
                ALLOW,
                ((Policy)
                        a -> {
                          time.advance(Duration.ofSeconds(2));
                          return Verdict.allow();
                        })
                    .named("slow", "1"),
                ALLOW)
            .evaluate(action);

    assertThat(ruling)
        .isInstanceOfSatisfying(
            Denied.class,
            denied -> {
              assertThat(denied.policy()).isEqualTo("slow@1");
              assertThat(denied.rule()).isEqualTo(PolicyChain.POLICY_TIMEOUT);
            });
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void policiesThatAreSlowTogetherDeny() {
    Policy half =
        a -> {
          time.advance(Duration.ofMillis(600));
          return Verdict.allow();
        };

    assertThat(chain(half).evaluate(action)).isInstanceOf(Allowed.class);
    assertThat(chain(half, half).evaluate(action)).isInstanceOf(Denied.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aStuckPolicyIsInterruptedInRealTime() {
    var waiter = TimeSource.system().waiter();
    var chain =
        new PolicyChain(
            List.of(),
            List.of(
                a -> {
                  try {
                    waiter.await(HOUR);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return Verdict.allow();
                }),
            Duration.ofMillis(20),
            TimeSource.system());

    Ruling ruling = chain.evaluate(action);

    assertThat(ruling)
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.rule()).isEqualTo(PolicyChain.POLICY_TIMEOUT));
    assertThat(Thread.interrupted()).as("the interrupt leaked").isFalse();
    assertThat(chain.inFlight()).isZero();
  }

  @Test
  void anInterruptThatWasThereBeforeStays() {
    Thread.currentThread().interrupt();

    chain(
            a -> {
              time.advance(HOUR);
              return Verdict.allow();
            })
        .evaluate(action);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptFromOutsideStays() {
    chain(
            a -> {
              Thread.currentThread().interrupt();
              return Verdict.allow();
            })
        .evaluate(action);

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptThatAPolicyThrowsAsAnExceptionStays() {
    Ruling ruling =
        chain(
                a -> {
                  throw sneaky(new InterruptedException());
                })
            .evaluate(action);

    assertThat(ruling).isInstanceOf(Denied.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void oneTimerServesAllEvaluationsAndRestsWhenThereIsNone() {
    PolicyChain chain = chain(ALLOW);

    for (int i = 0; i < 100; i++) {
      chain.evaluate(action);
    }
    assertThat(time.pendingTimers()).isEqualTo(1);

    time.advance(PolicyChain.DEFAULT_TIMEOUT);
    assertThat(time.pendingTimers()).isZero();

    chain.evaluate(action);
    assertThat(time.pendingTimers()).isEqualTo(1);
  }

  @Test
  void anEvaluationThatBeganAfterTheTimerIsGivenItsFullTime() {
    PolicyChain chain =
        chain(
            a -> {
              time.advance(Duration.ofMillis(900));
              return Thread.currentThread().isInterrupted()
                  ? Verdict.deny("INTERRUPTED", "too early")
                  : Verdict.allow();
            });

    assertThat(chain.evaluate(action)).isInstanceOf(Allowed.class);
    assertThat(chain.evaluate(action)).isInstanceOf(Allowed.class);
    assertThat(chain.evaluate(action)).isInstanceOf(Allowed.class);
  }

  @Test
  void aChainOfBuiltInsOnlyNeedsNoTimer() {
    new PolicyChain(List.of(ALLOW), List.of(), time).evaluate(action);

    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void theTimeoutIsAPositiveDurationOfAtMostADay() {
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(2))) {
      assertThatThrownBy(() -> new PolicyChain(List.of(), List.of(), wrong, time))
          .isInstanceOf(BadInputException.class);
    }
  }

  private PolicyChain chain(Policy... host) {
    return new PolicyChain(List.of(), List.of(host), time);
  }
}

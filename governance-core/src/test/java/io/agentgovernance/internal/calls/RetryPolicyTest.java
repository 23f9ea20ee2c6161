// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Duration PLENTY = Duration.ofHours(1);

  private final ModelException down = new ModelException(Kind.UNAVAILABLE, "down");

  @Test
  void pausesGrowUpToALimit() {
    RetryPolicy policy = policy(100, 0);

    assertThat(
            List.of(1, 2, 3, 7, 8, 99).stream()
                .map(n -> policy.pause(n, down, PLENTY).orElseThrow().toMillis()))
        .containsExactly(500L, 1_000L, 2_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void theJitterStaysWithinItsPart() {
    RetryPolicy policy = policy(3, 0.2);

    List<Long> pauses =
        java.util.stream.Stream.generate(() -> policy.pause(1, down, PLENTY).orElseThrow())
            .limit(1_000)
            .map(Duration::toMillis)
            .toList();

    assertThat(pauses).allSatisfy(p -> assertThat(p).isBetween(400L, 600L));
    assertThat(pauses.stream().distinct().count()).isGreaterThan(50);
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    assertThat(RetryPolicy.DEFAULT.pause(2, down, PLENTY)).isPresent();
    assertThat(RetryPolicy.DEFAULT.pause(3, down, PLENTY)).isEmpty();
  }

  @Test
  void doesNotRetryWhatIsNotRetryable() {
    assertThat(RetryPolicy.DEFAULT.pause(1, new ModelException(Kind.AUTHENTICATION, "key"), PLENTY))
        .isEmpty();
    ModelException pointless =
        ModelException.of(Kind.UNAVAILABLE, "gone").pointlessToRetry().build();
    assertThat(RetryPolicy.DEFAULT.pause(1, pointless, PLENTY)).isEmpty();
  }

  @Test
  void keepsToWhatTheProviderAsksFor() {
    assertThat(policy(3, 0).pause(1, limited(Duration.ofSeconds(45)), PLENTY))
        .contains(Duration.ofSeconds(45));
    assertThat(policy(3, 0).pause(1, limited(Duration.ZERO), PLENTY))
        .contains(Duration.ofMillis(500));
  }

  @Test
  void givesUpAtOnceIfThePauseLeavesNoTime() {
    assertThat(policy(3, 0).pause(1, limited(Duration.ofSeconds(10)), Duration.ofSeconds(10)))
        .isEmpty();
    assertThat(policy(3, 0).pause(1, down, Duration.ofMillis(400))).isEmpty();
  }

  @Test
  void itsNumbersAreChecked() {
    assertThatThrownBy(() -> policy(0, 0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> policy(1, 1.5)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> policy(1, Double.NaN)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new RetryPolicy(1, PLENTY, 2, Duration.ofSeconds(1), 0, new Random(1)))
        .isInstanceOf(BadInputException.class);
  }

  private static RetryPolicy policy(int attempts, double jitter) {
    return new RetryPolicy(
        attempts, Duration.ofMillis(500), 2, Duration.ofSeconds(30), jitter, new Random(7));
  }

  private static ModelException limited(Duration retryAfter) {
    return ModelException.of(Kind.RATE_LIMITED, "slow down").retryAfter(retryAfter).build();
  }
}

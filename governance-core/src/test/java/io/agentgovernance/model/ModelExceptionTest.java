// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelExceptionTest {
  @Test
  void theKindSaysWhetherToRetry() {
    assertThat(Stream.of(Kind.values()).filter(kind -> new ModelException(kind, "x").retryable()))
        .containsExactly(Kind.RATE_LIMITED, Kind.UNAVAILABLE, Kind.TIMEOUT, Kind.MALFORMED_REPLY);
  }

  @Test
  void theProviderMayKnowBetterThanTheKind() {
    assertThat(ModelException.of(Kind.NOT_FOUND, "x").worthRetrying().build().retryable()).isTrue();
    assertThat(ModelException.of(Kind.UNAVAILABLE, "x").pointlessToRetry().build().retryable())
        .isFalse();
  }

  @Test
  void carriesWhatTheProviderSaid() {
    var cause = new IllegalStateException("socket");

    ModelException error =
        ModelException.of(Kind.RATE_LIMITED, "openrouter: status 429")
            .cause(cause)
            .retryAfter(Duration.ofSeconds(3))
            .usage(Usage.of(5, 0))
            .replyId("gen-1")
            .build();

    assertThat(error)
        .isInstanceOf(GovernanceException.class)
        .hasMessage("openrouter: status 429")
        .hasCause(cause);
    assertThat(error.kind()).isEqualTo(Kind.RATE_LIMITED);
    assertThat(error.retryAfter()).contains(Duration.ofSeconds(3));
    assertThat(error.usage()).contains(Usage.of(5, 0));
    assertThat(error.replyId()).contains("gen-1");
  }

  @Test
  void knowsNothingThatNobodySaid() {
    var error = new ModelException(Kind.TIMEOUT, "x");

    assertThat(error.retryAfter()).isEmpty();
    assertThat(error.usage()).isEmpty();
    assertThat(error.replyId()).isEmpty();
    assertThat(error).hasNoCause();
  }

  @Test
  void aNegativeWaitIsNone() {
    var error = ModelException.of(Kind.TIMEOUT, "x").retryAfter(Duration.ofSeconds(-1)).build();

    assertThat(error.retryAfter()).contains(Duration.ZERO);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeModelTest {

  @Test
  void failsAsOftenAsItWasToldAndThenAnswers() throws Exception {
    var model = new ProbeModel().failsTimes(Role.ALPHA, Duration.ZERO, 2);

    for (var call = 0; call < 2; call++) {
      assertThatThrownBy(() -> model.reply(Role.ALPHA, ""))
          .isInstanceOf(StubModel.ModelFailure.class);
    }
    assertThat(model.reply(Role.ALPHA, "")).isEqualTo("ALPHA");

    assertThat(model.calls())
        .extracting(ProbeModel.Call::end)
        .containsExactly(ProbeModel.End.FAILED, ProbeModel.End.FAILED, ProbeModel.End.ANSWERED);
  }

  @Test
  void countsAnInterruptedCallAsInterruptedAndNotAsAnswered() {
    var model = new ProbeModel().answers(Role.BETA, Duration.ofHours(1));
    var before = System.nanoTime();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> model.reply(Role.BETA, "")).isInstanceOf(InterruptedException.class);

    assertThat(model.interrupted()).isEqualTo(1);
    assertThat(model.answeredAfter(before)).isZero();
  }

  @Test
  void countsCallsAnsweredAfterAMomentOnly() throws Exception {
    var model = new ProbeModel();
    model.reply(Role.ALPHA, "");
    var between = System.nanoTime();
    model.reply(Role.BETA, "");

    assertThat(model.answeredAfter(between)).isEqualTo(1);
    assertThat(model.calls(Role.ALPHA)).isEqualTo(1);
  }
}

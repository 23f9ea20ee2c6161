// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class MdcPropagatorTest {
  private final MdcPropagator propagator = new MdcPropagator();
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void theTaskSeesWhatTheStarterHadAndItsThreadGetsItsOwnBack() {
    MDC.put("request", "of the starter");
    Runnable wrapped = propagator.wrap(() -> seen.add(MDC.get("request")));
    MDC.put("request", "of the thread");

    wrapped.run();

    assertThat(seen).containsExactly("of the starter");
    assertThat(MDC.get("request")).isEqualTo("of the thread");
  }

  @Test
  void aStarterWithoutContextGivesNone() {
    Runnable wrapped = propagator.wrap(() -> seen.add(MDC.get("request")));
    MDC.put("request", "of the thread");

    wrapped.run();

    assertThat(seen).containsExactly((String) null);
    assertThat(MDC.get("request")).isEqualTo("of the thread");
  }

  @Test
  void nothingIsLeftBehindEvenIfTheTaskThrows() {
    MDC.put("request", "of the starter");
    Runnable wrapped =
        propagator.wrap(
            () -> {
              MDC.put("step", "of the task");
              throw new IllegalStateException("on purpose");
            });
    MDC.clear();

    assertThatThrownBy(wrapped::run).hasMessage("on purpose");

    assertThat(MDC.get("request")).isNull();
    assertThat(MDC.get("step")).isNull();
  }
}

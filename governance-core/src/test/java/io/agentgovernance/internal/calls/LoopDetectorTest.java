// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Digest;
import org.junit.jupiter.api.Test;

class LoopDetectorTest {
  private final LoopDetector detector = new LoopDetector();
  private final Digest a = Digest.sha256("a");
  private final Digest b = Digest.sha256("b");

  @Test
  void onlyTheSameCallInARowRepeats() {
    assertThat(detector.repeats(a)).isFalse();
    assertThat(detector.repeats(b)).isFalse();
    assertThat(detector.repeats(a)).isFalse();
    assertThat(detector.repeats(Digest.sha256("a"))).isTrue();
    assertThat(detector.repeats(a)).isTrue();
  }

  @Test
  void aResetForgets() {
    detector.repeats(a);

    detector.reset();

    assertThat(detector.repeats(a)).isFalse();
  }
}

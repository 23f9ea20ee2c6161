// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class UsageTest {
  private static final Usage ONE = new Usage(100, 20, 80, 5, new BigDecimal("0.0021"));

  @Test
  void sumsAreExact() {
    Usage sum = Usage.ZERO;
    for (int i = 0; i < 10; i++) {
      sum = sum.plus(new Usage(1, 2, new BigDecimal("0.1")));
    }

    assertThat(sum).isEqualTo(new Usage(10, 20, new BigDecimal("1.0")));
    assertThat(ONE.plus(ONE)).isEqualTo(new Usage(200, 40, 160, 10, new BigDecimal("0.0042")));
  }

  @Test
  void theCostOfASumIsUnknownIfOneCostIs() {
    assertThat(ONE.plus(Usage.of(1, 1)).costUsd()).isNull();
    assertThat(Usage.of(1, 1).withCost(BigDecimal.ONE).plus(ONE).costUsd()).isEqualTo("1.0021");
  }

  @Test
  void cachedAndReasoningTokensAreParts() {
    assertThat(ONE.totalTokens()).isEqualTo(120);
  }

  @Test
  void anOverflowIsAnErrorAndNotANegativeNumber() {
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> Usage.of(Long.MAX_VALUE, 0).plus(ONE));
  }

  @Test
  void nothingIsNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Usage.of(-1, 0))
        .withMessage("promptTokens must not be negative but was -1");
    assertThatIllegalArgumentException().isThrownBy(() -> ONE.withCost(new BigDecimal("-0.1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelPricing(BigDecimal.ZERO, new BigDecimal("-1")));
  }

  @Test
  void survivesTheWayThroughAPayload() {
    assertThat(Payload.json(Payload.of(ONE).json()).read(Usage.class)).isEqualTo(ONE);
    assertThat(Payload.of(Usage.of(1, 2)).read(Usage.class)).isEqualTo(Usage.of(1, 2));
  }

  @Test
  void pricesArePerToken() {
    var pricing = new ModelPricing(new BigDecimal("0.000003"), new BigDecimal("0.000015"));

    assertThat(pricing.cost(1_000, 200)).isEqualByComparingTo("0.006");
    assertThat(ModelPricing.FREE.cost(1_000, 200)).isEqualByComparingTo("0");
  }
}

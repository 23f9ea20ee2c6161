// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.ErrorBudget.Breach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBudgetTest {
  private static final ErrorBudget BUDGET = ErrorBudget.DEFAULT;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0,",
    "7, 1, 0,",
    "8, 0, 0, TOTAL_ERRORS",
    "9, 1, 0, TOTAL_ERRORS",
    "3, 2, 0, SAME_ERROR_REPEATS",
    "1, 0, 1, PROCEDURE_VIOLATIONS",
    "8, 2, 0, SAME_ERROR_REPEATS",
    "8, 2, 1, PROCEDURE_VIOLATIONS"
  })
  void aLimitThatIsReachedIsABreach(int total, int repeats, int violations, Breach breach) {
    assertThat(BUDGET.breach(total, repeats, violations).orElse(null)).isEqualTo(breach);
  }

  @ParameterizedTest
  @CsvSource({"8, 7", "5, 4", "6, 5", "10, 8", "11, 9", "100, 80", "4, 3", "3, 2", "2, 1"})
  void theWarningComesBeforeTheLimit(int limit, int warnAt) {
    assertThat(ErrorBudget.warnAt(limit)).isEqualTo(warnAt).isLessThan(limit);
  }

  @Test
  void aLimitOfOneIsReachedWithoutAWarning() {
    assertThat(ErrorBudget.warnAt(1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void theLargestLimitDoesNotOverflow() {
    assertThat(ErrorBudget.warnAt(Integer.MAX_VALUE)).isEqualTo(1_717_986_918);
    assertThat(new ErrorBudget(Integer.MAX_VALUE, 1, 1).clarifyAt()).isEqualTo(1 << 30);
  }

  @Test
  void thePlanIsClarifiedAtHalfTheLimitOrTheFirstRepeat() {
    assertThat(BUDGET.clarifyAt()).isEqualTo(4);
    assertThat(new ErrorBudget(7, 2, 1).clarifyAt()).isEqualTo(4);
    assertThat(BUDGET.needsClarification(3, 0)).isFalse();
    assertThat(BUDGET.needsClarification(4, 0)).isTrue();
    assertThat(BUDGET.needsClarification(2, 1)).isTrue();
  }

  @Test
  void breachesNameTheirLimit() {
    assertThat(BUDGET.limit(Breach.TOTAL_ERRORS)).isEqualTo(8);
    assertThat(BUDGET.limit(Breach.SAME_ERROR_REPEATS)).isEqualTo(2);
    assertThat(BUDGET.limit(Breach.PROCEDURE_VIOLATIONS)).isEqualTo(1);
  }
}

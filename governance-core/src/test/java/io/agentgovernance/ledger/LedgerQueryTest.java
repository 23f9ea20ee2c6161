// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerQueryTest {
  private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

  @Test
  void withoutFiltersEverythingMatches() {
    assertThat(LedgerQuery.all().matches(entry(1))).isTrue();
    assertThat(LedgerQuery.all().limit()).isEqualTo(200);
  }

  @Test
  void theTimeSpanIncludesItsStartAndExcludesItsEnd() {
    assertThat(LedgerQuery.builder().from(AT).build().matches(entry(1))).isTrue();
    assertThat(LedgerQuery.builder().from(AT.plusNanos(1)).build().matches(entry(1))).isFalse();
    assertThat(LedgerQuery.builder().to(AT).build().matches(entry(1))).isFalse();
    assertThat(LedgerQuery.builder().to(AT.plusNanos(1)).build().matches(entry(1))).isTrue();
  }

  @Test
  void theNextPageKeepsTheFilters() {
    var query = LedgerQuery.builder().type("NOTE").limit(3).build();

    assertThat(query.after(9))
        .isEqualTo(LedgerQuery.builder().type("NOTE").limit(3).afterSequence(9).build());
    assertThat(query.after(9).matches(entry(9))).isFalse();
    assertThat(query.after(9).matches(entry(10))).isTrue();
  }

  @Test
  void numbersOutOfRangeAreRefusedWithTheRange() {
    for (int limit : new int[] {0, -1, 1001}) {
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> LedgerQuery.builder().limit(limit).build())
          .withMessageContaining("1 to 1000")
          .withMessageContaining(String.valueOf(limit));
    }
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LedgerQuery.builder().afterSequence(-1).build())
        .withMessageContaining("-1");
  }

  @Test
  void aTimeSpanTurnedRoundIsRefused() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LedgerQuery.builder().from(AT).to(AT.minusNanos(1)).build())
        .withMessageContaining("not before the start");
  }

  private static LedgerEntry entry(long sequence) {
    var draft =
        LedgerDraft.of(TenantId.parse("t"), RunId.parse("r"), "NOTE", AT, "k", Payload.empty());
    return LedgerEntry.of(draft, sequence, LedgerHash.GENESIS, LedgerHash.GENESIS);
  }
}

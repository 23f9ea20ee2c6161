// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LedgerDraftTest {
  private static final TenantId TENANT = TenantId.parse("default");
  private static final RunId RUN = RunId.parse("run-1");
  private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

  @Test
  void everyTypeTheLibraryWritesIsAccepted() throws IllegalAccessException {
    for (var constant : LedgerTypes.class.getFields()) {
      assertThat(Modifier.isStatic(constant.getModifiers())).isTrue();
      assertThat(draft((String) constant.get(null), "k").type()).isEqualTo(constant.getName());
    }
  }

  @Test
  void aTypeNobodyKnowsIsAcceptedIfItHasTheForm() {
    assertThat(draft("ACME_REVIEW_2", "k").type()).isEqualTo("ACME_REVIEW_2");
  }

  @Test
  void aTypeOfAnotherFormIsRefusedWithWhatWasFound() {
    for (var type : new String[] {"", "note", "1NOTE", "NO TE", "N".repeat(65), "NOTE\n"}) {
      assertThatExceptionOfType(BadInputException.class)
          .as(type)
          .isThrownBy(() -> draft(type, "k"))
          .withMessageContaining("run-1")
          .withMessageContaining("[A-Z]");
    }
  }

  @Test
  void aKeyThatIsEmptyLongOrNotVisibleAsciiIsRefused() {
    for (var key : new String[] {"", " ", "a b", "ä", "k\n", "k".repeat(257)}) {
      assertThatExceptionOfType(BadInputException.class)
          .as(key)
          .isThrownBy(() -> draft("NOTE", key))
          .withMessageContaining("1 to 256 visible ASCII");
    }
    assertThat(draft("NOTE", "k".repeat(256)).idempotencyKey()).hasSize(256);
  }

  @Test
  void aLongKeyIsNotRepeatedInTheMessage() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> draft("NOTE", "k".repeat(10_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void timesOutsideFourDigitYearsAreRefused() {
    for (var at :
        new Instant[] {Instant.MIN, Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z")}) {
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> LedgerDraft.of(TENANT, RUN, "NOTE", at, "k", Payload.empty()))
          .withMessageContaining("years 0 to 9999");
    }
  }

  @Test
  void aBodyMayBeAsLargeAsTheLimitAndNoLarger() {
    var largest = Payload.text("x".repeat(LedgerDraft.MAX_BODY_BYTES - 2));
    var larger = Payload.text("x".repeat(LedgerDraft.MAX_BODY_BYTES - 1));

    assertThat(LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", largest).body()).isEqualTo(largest);
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", larger))
        .withMessageContaining("1048577 bytes")
        .withMessageContaining("1048576");
  }

  @Test
  void anAgentIsAbsentUntilNamed() {
    var draft = draft("NOTE", "k");

    assertThat(draft.agent()).isNull();
    assertThat(draft.withAgent(AgentId.parse("run-1-alpha")).agent().value())
        .isEqualTo("run-1-alpha");
  }

  @Test
  void aMissingComponentIsNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", null))
        .withMessage("body");
  }

  @Test
  void aTextNeverShowsContent() {
    var draft = LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", Payload.text("hunter2"));

    assertThat(
            Arrays.asList(
                draft.toString(),
                LedgerEntry.of(draft, 1, LedgerHash.GENESIS, LedgerHash.GENESIS).toString()))
        .noneMatch(text -> text.contains("hunter2"));
  }

  @Test
  void aRepetitionMayComeLaterButNotWithOtherContent() {
    var draft = draft("NOTE", "k");
    var entry = LedgerEntry.of(draft, 1, LedgerHash.GENESIS, LedgerHash.GENESIS);

    assertThat(entry.repeatedBy(draft)).isTrue();
    assertThat(
            entry.repeatedBy(
                LedgerDraft.of(TENANT, RUN, "NOTE", AT.plusSeconds(9), "k", draft.body())))
        .isTrue();
    assertThat(entry.repeatedBy(draft("STOP", "k"))).isFalse();
    assertThat(entry.repeatedBy(draft("NOTE", "other"))).isFalse();
    assertThat(entry.repeatedBy(draft.withAgent(AgentId.parse("a")))).isFalse();
    assertThat(entry.repeatedBy(LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", Payload.text("b"))))
        .isFalse();
    assertThat(
            entry.repeatedBy(
                LedgerDraft.of(TENANT, RunId.parse("run-2"), "NOTE", AT, "k", draft.body())))
        .isFalse();
    assertThat(
            entry.repeatedBy(
                LedgerDraft.of(TenantId.parse("t"), RUN, "NOTE", AT, "k", draft.body())))
        .isFalse();
  }

  private static LedgerDraft draft(String type, String key) {
    return LedgerDraft.of(TENANT, RUN, type, AT, key, Payload.empty());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.LedgerDrafts.AT;
import static io.agentgovernance.testkit.contract.LedgerDrafts.RUN;
import static io.agentgovernance.testkit.contract.LedgerDrafts.TENANT;
import static io.agentgovernance.testkit.contract.LedgerDrafts.append;
import static io.agentgovernance.testkit.contract.LedgerDrafts.appendNotes;
import static io.agentgovernance.testkit.contract.LedgerDrafts.note;
import static io.agentgovernance.testkit.contract.LedgerDrafts.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a ledger answers when asked. Part of {@link AuditLedgerContract}. */
abstract class AuditLedgerQueries {
  private static final AgentId ALPHA = AgentId.parse("run-1-alpha");
  private static final RunId OTHER_RUN = RunId.parse("run-2");
  private static final TenantId OTHER_TENANT = TenantId.parse("acme");

  AuditLedger ledger;

  /** Returns an empty ledger of the kind under test. The contract closes it. */
  protected abstract AuditLedger open();

  @BeforeEach
  void openLedger() {
    ledger = open();
  }

  @AfterEach
  void closeLedger() {
    ledger.close();
  }

  @Test
  void everyColumnIsReadAsWritten() {
    var draft =
        LedgerDraft.of(
                OTHER_TENANT,
                OTHER_RUN,
                "ACME_1",
                AT,
                "~!/k:1",
                Payload.json("{\"b\":[1.5,null],\"a\":{}}"))
            .withAgent(ALPHA);

    var receipt = append(ledger, draft);

    var entry = ledger.query(LedgerQuery.all()).entries().get(0);
    assertThat(entry).isEqualTo(LedgerEntry.of(draft, 1, LedgerHash.GENESIS, receipt.hash()));
  }

  @Test
  void anAbsentAgentIsReadAsAbsent() {
    append(ledger, note("k"));

    assertThat(ledger.query(LedgerQuery.all()).entries().get(0).agent()).isNull();
  }

  @Test
  void timesAreKeptToTheNanosecond() {
    var times =
        List.of(
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("1969-12-31T23:59:59.999999999Z"),
            Instant.parse("1970-01-01T00:00:00.000000001Z"),
            Instant.parse("9999-12-31T23:59:59.999999999Z"));
    for (var at : times) {
      append(ledger, LedgerDraft.of(TENANT, RUN, "NOTE", at, "k" + at, Payload.empty()));
    }

    assertThat(readAll(ledger, LedgerQuery.all())).extracting(LedgerEntry::at).isEqualTo(times);
    assertThat(
            ledger
                .query(LedgerQuery.builder().from(times.get(1)).to(times.get(2)).build())
                .entries())
        .extracting(LedgerEntry::at)
        .containsExactly(times.get(1));
  }

  @Test
  void everyFilterKeepsWhatItNames() {
    append(ledger, note("k1"));
    append(ledger, note("k2").withAgent(ALPHA));
    append(ledger, note(OTHER_RUN, "k3"));
    append(ledger, LedgerDraft.of(OTHER_TENANT, RUN, "NOTE", AT, "k4", Payload.empty()));
    append(ledger, LedgerDraft.of(TENANT, RUN, "STOP", AT, "k5", Payload.empty()));
    append(ledger, LedgerDraft.of(TENANT, RUN, "NOTE", AT.plusSeconds(60), "k6", Payload.empty()));

    assertKeys(LedgerQuery.builder(), "k1", "k2", "k3", "k4", "k5", "k6");
    assertKeys(LedgerQuery.builder().tenant(OTHER_TENANT), "k4");
    assertKeys(LedgerQuery.builder().run(RUN), "k1", "k2", "k4", "k5", "k6");
    assertKeys(LedgerQuery.builder().agent(ALPHA), "k2");
    assertKeys(LedgerQuery.builder().type("STOP"), "k5");
    assertKeys(LedgerQuery.builder().from(AT.plusNanos(1)), "k6");
    assertKeys(LedgerQuery.builder().to(AT.plusSeconds(60)), "k1", "k2", "k3", "k4", "k5");
    assertKeys(LedgerQuery.builder().afterSequence(4), "k5", "k6");
  }

  @Test
  void filtersTogetherKeepWhatPassesAll() {
    append(ledger, note("k1"));
    append(ledger, note("k2").withAgent(ALPHA));
    append(ledger, note("k3").withAgent(ALPHA));
    append(ledger, note(OTHER_RUN, "k4").withAgent(ALPHA));

    assertKeys(
        LedgerQuery.builder()
            .tenant(TENANT)
            .run(RUN)
            .agent(ALPHA)
            .type("NOTE")
            .from(AT)
            .to(AT.plusNanos(1))
            .afterSequence(2),
        "k3");
  }

  @Test
  void nothingMatchingIsAnEmptyPageWithoutANext() {
    appendNotes(ledger, 3);

    for (var query :
        List.of(
            LedgerQuery.builder().run(OTHER_RUN).build(),
            LedgerQuery.builder().type("UNHEARD_OF").build(),
            LedgerQuery.all().after(3),
            LedgerQuery.all().after(Long.MAX_VALUE))) {
      var page = ledger.query(query);
      assertThat(page.entries()).isEmpty();
      assertThat(page.next()).isEmpty();
    }
  }

  @Test
  void pagesTogetherAreTheWholeAnswer() {
    for (int i = 1; i <= 25; i++) {
      append(ledger, note(i % 3 == 0 ? OTHER_RUN : RUN, "k" + i));
    }
    var whole = readAll(ledger, LedgerQuery.builder().limit(1000).build());

    assertThat(whole).extracting(LedgerEntry::sequence).isSorted().hasSize(25);
    for (int limit : new int[] {1, 2, 5, 24, 25, 26}) {
      assertThat(readAll(ledger, LedgerQuery.builder().limit(limit).build())).isEqualTo(whole);
    }
    assertThat(readAll(ledger, LedgerQuery.builder().run(OTHER_RUN).limit(3).build())).hasSize(8);
  }

  @Test
  void aPageSaysWhetherMoreMatches() {
    appendNotes(ledger, 4);
    append(ledger, note(OTHER_RUN, "other"));

    assertThat(ledger.query(LedgerQuery.builder().run(RUN).limit(4).build()).next()).isEmpty();
    assertThat(ledger.query(LedgerQuery.builder().run(RUN).limit(3).build()).next()).hasValue(3);
  }

  @Test
  void anEntryIsReadableAsSoonAsItIsAcknowledged() {
    for (int i = 1; i <= 20; i++) {
      long sequence = append(ledger, note("k" + i)).sequence();

      assertThat(ledger.query(LedgerQuery.all().after(sequence - 1)).entries()).hasSize(1);
    }
  }

  private void assertKeys(LedgerQuery.Builder query, String... keys) {
    assertThat(readAll(ledger, query.build()))
        .extracting(LedgerEntry::idempotencyKey)
        .containsExactly(keys);
    assertThat(readAll(ledger, query.limit(2).build()))
        .as("in pages of 2")
        .extracting(LedgerEntry::idempotencyKey)
        .containsExactly(keys);
  }
}

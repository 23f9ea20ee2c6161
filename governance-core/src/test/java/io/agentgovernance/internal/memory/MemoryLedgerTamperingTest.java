// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Changes the ledger's own arrays, at every place of one run among others. */
class MemoryLedgerTamperingTest {
  private static final TenantId TENANT = TenantId.parse("default");
  private static final RunId RUN = RunId.parse("run-1");
  private static final int ENTRIES = 20;

  private final MemoryLedger ledger = new MemoryLedger();
  private LedgerEntry[] entries = {};

  @Test
  void untouchedItVerifies() {
    fill();

    assertThat(ledger.verify())
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isEqualTo(2L * ENTRIES));
  }

  @Test
  void anEditedEntryIsNamed() {
    for (int i = 0; i < ENTRIES; i++) {
      fill();
      var entry = entries[i];

      entries[i] =
          copy(entry, entry.sequence(), Payload.text("forged"), entry.previous(), entry.hash());

      assertTamperedAt(entry.sequence());
    }
  }

  @Test
  void anEntryEditedWithARightHashBreaksTheNextLink() {
    for (int i = 0; i < ENTRIES; i++) {
      fill();
      long bad = entries[Math.min(i + 1, ENTRIES - 1)].sequence();

      entries[i] = rehashed(entries[i], entries[i].previous());

      assertTamperedAt(bad);
    }
  }

  @Test
  void aDeletedEntryIsNamed() {
    for (int i = 0; i < ENTRIES - 1; i++) {
      fill();
      long bad = entries[i].sequence();

      System.arraycopy(entries, i + 1, entries, i, ENTRIES - i - 1);
      entries[ENTRIES - 1] = null;

      assertTamperedAt(bad);
    }
  }

  @Test
  void aHoleIsNamed() {
    for (int i = 0; i < ENTRIES - 1; i++) {
      fill();
      long bad = entries[i].sequence();

      entries[i] = null;

      assertTamperedAt(bad);
    }
  }

  @Test
  void aTailCutOffIsCounted() {
    for (int i = 1; i <= ENTRIES; i++) {
      fill();

      for (int j = 0; j < i; j++) {
        entries[ENTRIES - 1 - j] = null;
      }

      assertThat(ledger.verify()).isEqualTo(new TailMissing(i));
    }
  }

  @Test
  void anInsertedEntryIsNamed() {
    for (int i = 0; i < ENTRIES; i++) {
      fill();
      var before = entries[i];
      long bad = before.sequence();

      System.arraycopy(entries, i, entries, i + 1, ENTRIES - i - 1);
      entries[i] =
          rehashed(
              copy(before, bad + 1, before.body(), before.previous(), before.hash()),
              before.previous());

      assertTamperedAt(bad);
    }
  }

  @Test
  void swappedEntriesAreNamed() {
    for (int i = 0; i < ENTRIES - 1; i++) {
      fill();
      var first = entries[i];

      entries[i] = entries[i + 1];
      entries[i + 1] = first;

      assertTamperedAt(first.sequence());
    }
  }

  @Test
  void swappedContentsAreNamed() {
    for (int i = 0; i < ENTRIES - 1; i++) {
      fill();
      var first = entries[i];
      var second = entries[i + 1];

      entries[i] = copy(first, first.sequence(), second.body(), first.previous(), first.hash());
      entries[i + 1] =
          copy(second, second.sequence(), first.body(), second.previous(), second.hash());

      assertTamperedAt(first.sequence());
    }
  }

  @Test
  void aRenumberedEntryIsNamed() {
    for (int i = 0; i < ENTRIES; i++) {
      fill();
      var entry = entries[i];

      entries[i] =
          copy(entry, entry.sequence() + 1000, entry.body(), entry.previous(), entry.hash());

      assertTamperedAt(entry.sequence());
    }
  }

  @Test
  void aChainRewrittenWithRightHashesDoesNotEndInTheHead() {
    fill();
    var previous = LedgerHash.GENESIS;

    for (int i = 0; i < ENTRIES; i++) {
      entries[i] = rehashed(entries[i], previous);
      previous = entries[i].hash();
    }

    assertTamperedAt(entries[ENTRIES - 1].sequence());
  }

  @Test
  void ofSeveralBadEntriesTheFirstIsNamed() {
    fill();
    var early = entries[3];
    var late = entries[11];

    entries[3] =
        copy(early, early.sequence(), Payload.text("forged"), early.previous(), early.hash());
    entries[11] = copy(late, late.sequence(), Payload.text("forged"), late.previous(), late.hash());

    assertTamperedAt(early.sequence());
  }

  /** Starts anew: sequences of this run are 2, 4, 6 …, those between belong to another. */
  private void fill() {
    ledger.release(TENANT, RUN);
    ledger.release(TENANT, RunId.parse("run-2"));
    for (int i = 0; i < ENTRIES; i++) {
      append(RunId.parse("run-2"), i);
      append(RUN, i);
    }
    entries = ledger.slices(LedgerQuery.builder().run(RUN).build()).get(0).entries;
    assertThat(ledger.verify().exitCode()).isZero();
  }

  private void append(RunId run, int number) {
    var draft =
        LedgerDraft.of(TENANT, run, "NOTE", Instant.EPOCH, "k" + number, Payload.of(number));
    assertThat(ledger.append(draft)).isCompleted();
  }

  private void assertTamperedAt(long sequence) {
    Verification result = ledger.verify();
    assertThat(result)
        .isInstanceOfSatisfying(
            Tampered.class, bad -> assertThat(bad.firstBadSequence()).isEqualTo(sequence));
  }

  private static LedgerEntry rehashed(LedgerEntry entry, Digest previous) {
    var forged =
        copy(entry, entry.sequence(), Payload.text("forged"), previous, LedgerHash.GENESIS);
    return copy(forged, forged.sequence(), forged.body(), previous, LedgerHash.of(forged));
  }

  private static LedgerEntry copy(
      LedgerEntry entry, long sequence, Payload body, Digest previous, Digest hash) {
    return new LedgerEntry(
        sequence,
        entry.at(),
        entry.tenant(),
        entry.run(),
        entry.agent(),
        entry.type(),
        entry.schema(),
        entry.idempotencyKey(),
        body,
        previous,
        hash);
  }
}

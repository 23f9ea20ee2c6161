// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.LedgerDrafts.AT;
import static io.agentgovernance.testkit.contract.LedgerDrafts.RUN;
import static io.agentgovernance.testkit.contract.LedgerDrafts.TENANT;
import static io.agentgovernance.testkit.contract.LedgerDrafts.append;
import static io.agentgovernance.testkit.contract.LedgerDrafts.appendNotes;
import static io.agentgovernance.testkit.contract.LedgerDrafts.assertFails;
import static io.agentgovernance.testkit.contract.LedgerDrafts.assertWhole;
import static io.agentgovernance.testkit.contract.LedgerDrafts.note;
import static io.agentgovernance.testkit.contract.LedgerDrafts.readAll;
import static io.agentgovernance.testkit.contract.LedgerDrafts.settle;
import static io.agentgovernance.testkit.contract.LedgerDrafts.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AuditLedger} must do. Extend it and say how to open an empty one; for ledgers
 * that outlive the process extend {@link DurableAuditLedgerContract}.
 *
 * <pre>{@code
 * class AcmeLedgerTest extends AuditLedgerContract {
 *   @Override protected AuditLedger open() { return new AcmeLedger(); }
 * }
 * }</pre>
 */
public abstract class AuditLedgerContract extends AuditLedgerQueries {
  private static final int PRODUCERS = 16;
  private static final int ENTRIES_EACH = 100;

  /** For subclasses. */
  protected AuditLedgerContract() {}

  @Test
  void anEmptyLedgerVerifiesAndEndsInTheGenesisHash() {
    assertThat(ledger.verify()).isEqualTo(new Verification.Ok(0, LedgerHash.GENESIS));
  }

  @Test
  void sequencesStartAtOneAndHaveNoGaps() {
    assertThat(appendNotes(ledger, 50))
        .extracting(LedgerReceipt::sequence)
        .isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void everyEntryOfARunIsLinkedToTheOneBefore() {
    var receipts = appendNotes(ledger, 10);

    var previous = LedgerHash.GENESIS;
    for (var entry : readAll(ledger, LedgerQuery.all())) {
      assertThat(entry.previous()).isEqualTo(previous);
      assertThat(entry.hash()).isEqualTo(LedgerHash.of(entry));
      assertThat(entry.receipt()).isEqualTo(receipts.get((int) entry.sequence() - 1));
      previous = entry.hash();
    }
    assertWhole(ledger, 10);
  }

  @Test
  void runsAndTenantsSideBySideVerify() {
    for (int i = 0; i < 30; i++) {
      append(ledger, note(RunId.parse("run-" + i % 4), "k" + i));
      append(
          ledger,
          LedgerDraft.of(TenantId.parse("t" + i % 3), RUN, "NOTE", AT, "k" + i, Payload.of(i)));
    }

    assertThat(readAll(ledger, LedgerQuery.all()))
        .hasSize(60)
        .allMatch(entry -> entry.hash().equals(LedgerHash.of(entry)));
    assertWhole(ledger, 60);
  }

  @Test
  void theSameDraftAgainIsAnsweredWithTheFirstReceipt() {
    var first = appendNotes(ledger, 3);

    assertThat(appendNotes(ledger, 3)).isEqualTo(first);
    assertThat(append(ledger, note("k4")).sequence()).isEqualTo(4);
    assertWhole(ledger, 4);
  }

  @Test
  void aRepetitionMayComeLaterAndTheFirstTimeStands() {
    var first = append(ledger, note("k"));

    var again = LedgerDraft.of(TENANT, RUN, "NOTE", AT.plusSeconds(5), "k", note("k").body());

    assertThat(append(ledger, again)).isEqualTo(first);
    assertThat(readAll(ledger, LedgerQuery.all())).extracting(LedgerEntry::at).containsExactly(AT);
  }

  @Test
  void theSameKeyForSomethingElseIsRefusedAndWritesNothing() {
    append(ledger, note("k"));

    for (var other :
        List.of(
            LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k", Payload.text("other")),
            LedgerDraft.of(TENANT, RUN, "STOP", AT, "k", note("k").body()),
            note("k").withAgent(AgentId.parse("run-1-alpha")))) {
      assertFails(ledger.append(other), LedgerConflictException.class);
    }

    assertThat(append(ledger, note("next")).sequence()).isEqualTo(2);
    assertWhole(ledger, 2);
  }

  @Test
  void theSameKeyInAnotherRunOrTenantIsAnotherFact() {
    append(ledger, note("k"));

    assertThat(append(ledger, note(RunId.parse("run-2"), "k")).sequence()).isEqualTo(2);
    var otherTenant =
        LedgerDraft.of(TenantId.parse("acme"), RUN, "NOTE", AT, "k", note("k").body());
    assertThat(append(ledger, otherTenant).sequence()).isEqualTo(3);
  }

  @Test
  void producersAtTheSameTimeEachGetSequencesOfTheirOwn() {
    var producers = new ArrayList<Callable<List<LedgerReceipt>>>();
    for (int i = 0; i < PRODUCERS; i++) {
      int producer = i;
      producers.add(
          () -> {
            var receipts = new ArrayList<LedgerReceipt>();
            for (int j = 0; j < ENTRIES_EACH; j++) {
              var run = RunId.parse("run-" + producer % 4);
              receipts.add(append(ledger, note(run, "p" + producer + "/" + j)));
            }
            return receipts;
          });
    }

    var receipts = together(producers);

    for (var own : receipts) {
      assertThat(own).extracting(LedgerReceipt::sequence).isSorted();
    }
    var entries = readAll(ledger, LedgerQuery.builder().limit(1000).build());
    assertThat(receipts.stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(entries.stream().map(LedgerEntry::receipt).toList());
    assertThat(entries)
        .extracting(LedgerEntry::sequence)
        .isEqualTo(LongStream.rangeClosed(1, PRODUCERS * ENTRIES_EACH).boxed().toList());
    assertWhole(ledger, PRODUCERS * ENTRIES_EACH);
  }

  @Test
  void oneDraftFromManyProducersIsWrittenOnce() {
    var receipts =
        together(
            Collections.<Callable<LedgerReceipt>>nCopies(
                PRODUCERS, () -> append(ledger, note("k"))));

    assertThat(receipts).hasSize(PRODUCERS).containsOnly(receipts.get(0));
    assertThat(readAll(ledger, LedgerQuery.all())).hasSize(1);
  }

  @Test
  void appendsWithoutWaitingAreAllAcknowledged() {
    var futures = new ArrayList<CompletableFuture<LedgerReceipt>>();
    for (int i = 0; i < 500; i++) {
      futures.add(ledger.append(note("k" + i)));
    }

    assertThat(futures)
        .extracting(future -> settle(future).sequence())
        .isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
    assertWhole(ledger, 500);
  }

  @Test
  void everyCharacterAndTheLargestBodySurvive() {
    var texts =
        List.of(
            "Zürich → 東京 🚀 \u0000\u001f\u007f\u2028",
            "'; DROP TABLE entry; --",
            "x".repeat(LedgerDraft.MAX_BODY_BYTES - 2),
            "");
    for (int i = 0; i < texts.size(); i++) {
      append(ledger, LedgerDraft.of(TENANT, RUN, "NOTE", AT, "k" + i, Payload.text(texts.get(i))));
    }

    assertThat(readAll(ledger, LedgerQuery.all()))
        .extracting(entry -> entry.body().text())
        .isEqualTo(texts);
    assertWhole(ledger, texts.size());
  }

  @Test
  @SuppressWarnings("NullAway") // the mistake under test
  void noDraftIsAMistakeOfTheCaller() {
    assertThatNullPointerException().isThrownBy(() -> ledger.append(null));
  }

  @Test
  void aReleasedRunIsForgottenOnlyInMemoryAndTheRestStaysWhole() {
    append(ledger, note("k1"));
    append(ledger, note(RunId.parse("run-2"), "k2"));

    ledger.release(TENANT, RUN);
    ledger.release(TENANT, RunId.parse("never-heard-of"));

    int kept = ledger.durability() == Durability.MEMORY ? 1 : 2;
    assertThat(readAll(ledger, LedgerQuery.all())).hasSize(kept);
    assertWhole(ledger, kept);
    assertThat(append(ledger, note("k3")).sequence()).isEqualTo(3);
  }

  @Test
  void onceClosedItRefusesAndSaysSo() {
    append(ledger, note("k"));

    ledger.close();
    ledger.close();

    assertFails(ledger.append(note("k")), LedgerUnavailableException.class);
    assertThatThrownBy(() -> ledger.query(LedgerQuery.all()))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(ledger.verify()).isInstanceOf(Verification.Unreadable.class);
    ledger.release(TENANT, RUN);
  }

  @Test
  void closingLeavesNobodyWaiting() {
    var futures = new ArrayList<CompletableFuture<LedgerReceipt>>();
    for (int i = 0; i < 200; i++) {
      futures.add(ledger.append(note("k" + i)));
    }

    ledger.close();

    for (var future : futures) {
      assertThat(LedgerDrafts.outcome(future)).isIn("acknowledged", "unavailable");
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.Ledgers;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A contract that a faulty ledger passes proves nothing: each of these has one fault, and one fact
 * finds it.
 */
class AuditLedgerContractTest {
  @Test
  void aLedgerThatDropsAnEntryIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
                return draft.idempotencyKey().equals("k7")
                    ? CompletableFuture.completedFuture(new LedgerReceipt(7, LedgerHash.GENESIS))
                    : super.append(draft);
              }
            },
        AuditLedgerContract::sequencesStartAtOneAndHaveNoGaps);
  }

  @Test
  void aLedgerThatForgetsKeysIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              private final AtomicLong number = new AtomicLong();

              @Override
              public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
                return super.append(
                    LedgerDraft.of(
                        draft.tenant(),
                        draft.run(),
                        draft.type(),
                        draft.at(),
                        "unique" + number.incrementAndGet(),
                        draft.body()));
              }
            },
        AuditLedgerContract::theSameDraftAgainIsAnsweredWithTheFirstReceipt,
        AuditLedgerContract::theSameKeyForSomethingElseIsRefusedAndWritesNothing,
        AuditLedgerContract::oneDraftFromManyProducersIsWrittenOnce);
  }

  @Test
  void aLedgerThatRoundsTimesIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
                var rounded = Instant.ofEpochMilli(draft.at().toEpochMilli());
                return super.append(
                    LedgerDraft.of(
                        draft.tenant(),
                        draft.run(),
                        draft.type(),
                        rounded,
                        draft.idempotencyKey(),
                        draft.body()));
              }
            },
        AuditLedgerQueries::timesAreKeptToTheNanosecond);
  }

  @Test
  void aLedgerThatForgetsToSayThatMoreMatchesIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public LedgerPage query(LedgerQuery query) {
                return new LedgerPage(super.query(query).entries(), OptionalLong.empty());
              }
            },
        AuditLedgerQueries::pagesTogetherAreTheWholeAnswer,
        AuditLedgerQueries::aPageSaysWhetherMoreMatches);
  }

  @Test
  void aLedgerThatIgnoresAFilterIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public LedgerPage query(LedgerQuery query) {
                return super.query(
                    new LedgerQuery(
                        null,
                        query.run(),
                        query.agent(),
                        query.type(),
                        query.from(),
                        query.to(),
                        query.afterSequence(),
                        query.limit()));
              }
            },
        AuditLedgerQueries::everyFilterKeepsWhatItNames);
  }

  @Test
  void aLedgerThatHashesSomethingElseIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public LedgerPage query(LedgerQuery query) {
                var page = super.query(query);
                return new LedgerPage(
                    page.entries().stream().map(AuditLedgerContractTest::unlinked).toList(),
                    page.next());
              }
            },
        AuditLedgerContract::everyEntryOfARunIsLinkedToTheOneBefore);
  }

  @Test
  void aLedgerThatStaysOpenIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public void close() {}
            },
        AuditLedgerContract::onceClosedItRefusesAndSaysSo);
  }

  @Test
  void aLedgerThatFindsFaultWithItselfIsFound() {
    assertFound(
        real ->
            new WrappedLedger(real) {
              @Override
              public Verification verify() {
                return new Verification.Tampered(1, "always");
              }
            },
        AuditLedgerContract::runsAndTenantsSideBySideVerify);
  }

  @SafeVarargs
  private static void assertFound(
      UnaryOperator<AuditLedger> fault, Consumer<AuditLedgerContract>... facts) {
    for (var fact : facts) {
      var contract = new Contract(fault.apply(Ledgers.memory()));
      contract.openLedger();
      assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> fact.accept(contract));
      contract.closeLedger();
    }
  }

  private static LedgerEntry unlinked(LedgerEntry entry) {
    return new LedgerEntry(
        entry.sequence(),
        entry.at(),
        entry.tenant(),
        entry.run(),
        entry.agent(),
        entry.type(),
        entry.schema(),
        entry.idempotencyKey(),
        entry.body(),
        LedgerHash.GENESIS,
        entry.hash());
  }

  private static final class Contract extends AuditLedgerContract {
    private final AuditLedger faulty;

    Contract(AuditLedger faulty) {
      this.faulty = faulty;
    }

    @Override
    protected AuditLedger open() {
      return faulty;
    }
  }
}

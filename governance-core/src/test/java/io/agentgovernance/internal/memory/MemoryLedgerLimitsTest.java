// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.time.Instant;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryLedgerLimitsTest {
  private static final TenantId TENANT = TenantId.parse("default");
  private static final ProviderContext CONTEXT =
      new ProviderContext() {
        @Override
        public TimeSource time() {
          return TimeSource.system();
        }

        @Override
        public ClassLoader classLoader() {
          return MemoryLedgerLimitsTest.class.getClassLoader();
        }
      };

  @Test
  void aFullRunIsRefusedAndLosesNothing() {
    try (var ledger = new MemoryLedger(2)) {
      append(ledger, "run-1", "a").join();
      append(ledger, "run-1", "b").join();

      assertFull(append(ledger, "run-1", "c"));

      assertThat(ledger.query(LedgerQuery.all()).entries()).hasSize(2);
      assertThat(ledger.verify().exitCode()).isZero();
    }
  }

  @Test
  void aFullRunStillAnswersRepetitionsAndLeavesOtherRunsAlone() {
    try (var ledger = new MemoryLedger(1)) {
      var first = append(ledger, "run-1", "a").join();

      assertThat(append(ledger, "run-1", "a").join()).isEqualTo(first);
      assertThat(append(ledger, "run-2", "a").join().sequence()).isEqualTo(2);
    }
  }

  @Test
  void aReleasedRunMakesRoomAndItsSequencesAreNotUsedAgain() {
    try (var ledger = new MemoryLedger(1)) {
      append(ledger, "run-1", "a").join();

      ledger.release(TENANT, RunId.parse("run-1"));

      assertThat(ledger.query(LedgerQuery.all()).entries()).isEmpty();
      assertThat(append(ledger, "run-1", "a").join().sequence()).isEqualTo(2);
    }
  }

  @Test
  void releasingARunLeavesTheRunOfThatNameOfAnotherTenant() {
    try (var ledger = new MemoryLedger()) {
      var run = RunId.parse("nightly");
      var draft =
          LedgerDraft.of(TenantId.parse("acme"), run, "NOTE", Instant.EPOCH, "k", Payload.empty());
      ledger.append(draft).join();

      ledger.release(TENANT, run);

      assertThat(ledger.query(LedgerQuery.builder().run(run).build()).entries()).hasSize(1);
    }
  }

  @Test
  void theProviderIsFoundByItsScheme() {
    try (var ledger = provider().open("", CONTEXT)) {
      assertThat(ledger.durability()).isEqualTo(Durability.MEMORY);
    }
  }

  @Test
  void theLimitMayBeGivenInTheUri() {
    try (var ledger = provider().open("?maxEntriesPerRun=1", CONTEXT)) {
      append(ledger, "run-1", "a").join();

      assertFull(append(ledger, "run-1", "b"));
    }
  }

  @Test
  void anythingElseInTheUriIsRefused() {
    for (var rest :
        new String[] {
          "x",
          "?maxEntriesPerRun=0",
          "?maxEntriesPerRun=-1",
          "?max=1",
          "?maxEntriesPerRun=9999999999"
        }) {
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> provider().open(rest, CONTEXT))
          .withMessageContaining("memory:" + rest)
          .withMessageContaining("maxEntriesPerRun=<n>");
    }
  }

  private static AuditLedgerProvider provider() {
    return ServiceLoader.load(AuditLedgerProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals("memory"))
        .findFirst()
        .orElseThrow();
  }

  private static void assertFull(CompletableFuture<LedgerReceipt> future) {
    assertThat(future).isCompletedExceptionally();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(future::join)
        .havingCause()
        .isInstanceOfSatisfying(
            LedgerUnavailableException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FULL));
  }

  private static CompletableFuture<LedgerReceipt> append(
      AuditLedger ledger, String run, String key) {
    return ledger.append(
        LedgerDraft.of(TENANT, RunId.parse(run), "NOTE", Instant.EPOCH, key, Payload.empty()));
  }
}

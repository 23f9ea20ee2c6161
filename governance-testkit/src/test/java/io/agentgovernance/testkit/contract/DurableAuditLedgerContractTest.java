// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.testkit.Ledgers;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The contract holds for a ledger whose content outlives its closing, and not for one that starts
 * anew.
 */
class DurableAuditLedgerContractTest extends DurableAuditLedgerContract {
  private AuditLedger content = Ledgers.memory();

  @Override
  protected AuditLedger open() {
    content = Ledgers.memory();
    return new Handle(content);
  }

  @Override
  protected AuditLedger reopen() {
    return new Handle(content);
  }

  @Test
  void aLedgerThatStartsAnewIsFound() {
    assertLostOnReopening(DurableAuditLedgerContract::acknowledgedEntriesAreThereAfterReopening);
    assertLostOnReopening(DurableAuditLedgerContract::theChainGoesOnAfterReopening);
    assertLostOnReopening(DurableAuditLedgerContract::keysAreRememberedAfterReopening);
  }

  private static void assertLostOnReopening(Consumer<DurableAuditLedgerContract> fact) {
    var forgetful =
        new DurableAuditLedgerContract() {
          @Override
          protected AuditLedger open() {
            return new Handle(Ledgers.memory());
          }

          @Override
          protected AuditLedger reopen() {
            return open();
          }
        };
    forgetful.openLedger();
    assertThatExceptionOfType(Throwable.class).isThrownBy(() -> fact.accept(forgetful));
    forgetful.closeLedger();
  }

  /** Closes only itself. */
  private static final class Handle extends WrappedLedger {
    private volatile boolean closed;

    Handle(AuditLedger content) {
      super(content);
    }

    @Override
    public Durability durability() {
      return Durability.PROCESS_CRASH;
    }

    @Override
    public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
      return closed ? CompletableFuture.failedFuture(isClosed()) : super.append(draft);
    }

    @Override
    public LedgerPage query(LedgerQuery query) {
      if (closed) {
        throw isClosed();
      }
      return super.query(query);
    }

    @Override
    public Verification verify() {
      return closed ? new Verification.Unreadable("closed") : super.verify();
    }

    @Override
    public void release(TenantId tenant, RunId run) {}

    @Override
    public void close() {
      closed = true;
    }

    private static LedgerUnavailableException isClosed() {
      return new LedgerUnavailableException(Reason.CLOSED, "closed");
    }
  }
}

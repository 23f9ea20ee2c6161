// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultyLedgerTest {
  private final HeldTimers time = new HeldTimers();
  private final FaultyLedger ledger = new FaultyLedger(Ledgers.memory(), time);

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void unavailableRefusesAndWritesNothing() {
    ledger.inject(new LedgerFault.Unavailable());

    assertUnavailable(append("NOTE", "a"));

    assertThat(written()).isEmpty();
    assertThat(ledger.appends()).isEqualTo(1);
  }

  @Test
  void healingLetsAppendsThrough() {
    ledger.inject(new LedgerFault.Unavailable());
    assertUnavailable(append("NOTE", "a"));

    ledger.heal();

    assertThat(append("NOTE", "a")).isCompleted();
  }

  @Test
  void whatHangsIsWrittenInOrderWhenReleased() {
    ledger.inject(new LedgerFault.Hang());
    var a = append("NOTE", "a");
    var b = append("NOTE", "b");
    assertThat(List.of(a, b)).noneMatch(CompletableFuture::isDone);
    assertThat(ledger.hung()).isEqualTo(2);
    assertThat(written()).isEmpty();

    ledger.releaseHung();

    assertThat(List.of(a, b)).allMatch(CompletableFuture::isDone);
    assertThat(written()).containsExactly("a", "b");
    assertThat(append("NOTE", "c")).isNotDone();
  }

  @Test
  void whatHangsGoesOnHangingUnderAnotherFault() {
    ledger.inject(new LedgerFault.Hang());
    var a = append("NOTE", "a");

    ledger.inject(new LedgerFault.Unavailable());

    assertThat(a).isNotDone();
    ledger.heal();
    assertThat(a).isCompleted();
  }

  @Test
  void closingFailsWhatHangs() {
    ledger.inject(new LedgerFault.Hang());
    var a = append("NOTE", "a");

    ledger.close();

    assertUnavailable(a);
    assertUnavailable(append("NOTE", "b"));
  }

  @Test
  void throwingReturnsNoFuture() {
    ledger.inject(new LedgerFault.ThrowOnAppend());

    assertThatIllegalStateException()
        .isThrownBy(() -> ledger.append(draft("NOTE", "a")))
        .withMessageContaining("injected");
  }

  @Test
  void aLostAcknowledgementIsAnsweredByRepeatingTheDraft() {
    ledger.inject(new LedgerFault.LostAcknowledgement());
    assertUnavailable(append("NOTE", "a"));
    assertThat(written()).containsExactly("a");

    ledger.heal();

    assertThat(append("NOTE", "a").join().sequence()).isEqualTo(1);
    assertThat(written()).containsExactly("a");
  }

  @Test
  void slowAcknowledgesAfterTheDelay() {
    ledger.inject(new LedgerFault.Slow(Duration.ofSeconds(5)));

    var a = append("NOTE", "a");

    assertThat(a).isNotDone();
    assertThat(time.delays).containsExactly(Duration.ofSeconds(5));
    time.held.get(0).run();
    assertThat(a).isCompleted();
  }

  @Test
  void failingOnATypeLetsOthersThrough() {
    ledger.inject(new LedgerFault.FailOnType("OUTCOME"));

    assertThat(append("INTENT", "a")).isCompleted();
    assertUnavailable(append("OUTCOME", "b"));
    assertThat(append("STOP", "c")).isCompleted();
  }

  @Test
  void failingAfterSomeAppendsCountsFromTheInjection() {
    append("NOTE", "before").join();
    ledger.inject(new LedgerFault.FailAfter(2));

    assertThat(append("NOTE", "a")).isCompleted();
    assertThat(append("NOTE", "b")).isCompleted();
    assertUnavailable(append("NOTE", "c"));
    assertThat(written()).containsExactly("before", "a", "b");
  }

  private CompletableFuture<LedgerReceipt> append(String type, String key) {
    return ledger.append(draft(type, key));
  }

  private static LedgerDraft draft(String type, String key) {
    return LedgerDraft.of(
        TenantId.parse("default"), RunId.parse("run-1"), type, Instant.EPOCH, key, Payload.empty());
  }

  private List<String> written() {
    return ledger.query(LedgerQuery.all()).entries().stream()
        .map(LedgerEntry::idempotencyKey)
        .toList();
  }

  private static void assertUnavailable(CompletableFuture<LedgerReceipt> future) {
    assertThat(future).isCompletedExceptionally();
    assertThatThrownBy(future::join).hasCauseInstanceOf(LedgerUnavailableException.class);
  }

  /** Keeps timers for the test to run. */
  private static final class HeldTimers implements TimeSource {
    final List<Duration> delays = new ArrayList<>();
    final List<Runnable> held = new ArrayList<>();

    @Override
    public Instant now() {
      return Instant.EPOCH;
    }

    @Override
    public long ticks() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      delays.add(delay);
      held.add(task);
      return () -> held.remove(task);
    }

    @Override
    public Waiter waiter() {
      throw new UnsupportedOperationException("nobody waits here");
    }
  }
}

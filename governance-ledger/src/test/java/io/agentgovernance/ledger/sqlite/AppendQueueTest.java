// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppendQueueTest {
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final AppendQueue queue = new AppendQueue("test", time);

  @AfterEach
  void settleAccounts() {
    queue.close();
    queue.giveUp().forEach(pending -> time.taskEnded());
  }

  private void fill() {
    for (int i = 0; i < AppendQueue.CAPACITY; i++) {
      queue.put(new Pending(Ledgers.note("k" + i)));
    }
  }

  private CompletableFuture<Void> producer() {
    return CompletableFuture.runAsync(() -> queue.put(new Pending(Ledgers.note("late"))));
  }

  /** Moves time until the future is done: the producer may not have begun to wait. */
  private void pass(CompletableFuture<?> future) {
    while (!future.isDone()) {
      time.advance(Duration.ofMillis(500));
      Thread.onSpinWait();
    }
  }

  @Test
  void aProducerThatFindsNoRoomIsRefusedAfterTwoSeconds() {
    fill();
    var producer = producer();

    pass(producer);

    assertThatThrownBy(producer::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            LedgerUnavailableException.class,
            why -> assertThat(why.reason()).isEqualTo(Reason.BUSY))
        .hasMessageContaining("8192 entries");
  }

  @Test
  void aProducerGoesOnAsSoonAsThereIsRoom() throws Exception {
    fill();
    var producer = producer();
    var batch = new ArrayList<Pending>();

    assertThat(queue.take(batch)).isTrue();

    producer.get(60, TimeUnit.SECONDS);
    assertThat(batch).hasSize(AppendQueue.MAX_BATCH);
    batch.forEach(pending -> time.taskEnded());
  }

  @Test
  void largeBodiesFillItBeforeTheirNumberDoes() {
    var body = Payload.text("x".repeat(LedgerDraft.MAX_BODY_BYTES - 2));
    var large = LedgerDraft.of(Ledgers.TENANT, RunId.parse("r"), "NOTE", Ledgers.AT, "k", body);
    for (int i = 0; i < 64; i++) {
      queue.put(new Pending(large));
    }
    var producer = producer();
    pass(producer);
    var batch = new ArrayList<Pending>();

    assertThat(producer).isCompletedExceptionally();
    assertThat(queue.take(batch)).isTrue();
    assertThat(batch).hasSize(8);
    batch.forEach(pending -> time.taskEnded());
  }

  @Test
  void closingWakesProducersAndTheWriterFinishesWhatIsThere() {
    fill();
    var producer = producer();

    queue.close();

    assertThatThrownBy(producer::join).hasMessageContaining("closed");
    var batch = new ArrayList<Pending>();
    int taken = 0;
    while (queue.take(batch)) {
      taken += batch.size();
      batch.forEach(pending -> time.taskEnded());
      batch.clear();
    }
    assertThat(taken).isEqualTo(AppendQueue.CAPACITY);
  }

  @Test
  void anInterruptedProducerIsRefusedAndStaysInterrupted() throws Exception {
    fill();
    var refused = new CompletableFuture<Boolean>();
    var thread =
        new Thread(
            () -> {
              try {
                queue.put(new Pending(Ledgers.note("late")));
              } catch (LedgerUnavailableException e) {
                refused.complete(Thread.currentThread().isInterrupted());
              }
            });
    thread.start();
    thread.interrupt();

    assertThat(refused.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theWriterItselfNeverWaitsForRoom() {
    var batch = new ArrayList<Pending>();
    queue.put(new Pending(Ledgers.note("first")));
    assertThat(queue.take(batch)).isTrue();
    batch.forEach(pending -> time.taskEnded());
    fill();

    assertThatThrownBy(() -> queue.put(new Pending(Ledgers.note("late"))))
        .isInstanceOf(LedgerUnavailableException.class);
  }
}

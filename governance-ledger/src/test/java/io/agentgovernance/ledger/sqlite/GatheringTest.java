// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.testkit.ManualTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer takes those along who come again after the last commit, and waits for nobody long. */
@Timeout(60)
class GatheringTest {
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final AppendQueue queue = new AppendQueue("test", time);
  private final List<Pending> batch = new ArrayList<>();

  @BeforeEach
  void twoHaveAskedWhenTheFirstIsAnswered() {
    put("a");
    assertThat(queue.take(batch)).isTrue();
    assertThat(queue.takeMore(batch)).as("nobody was answered before").isFalse();
    put("b");
    written();
  }

  @AfterEach
  void settleAccounts() {
    queue.close();
    batch.forEach(pending -> time.taskEnded());
    queue.giveUp().forEach(pending -> time.taskEnded());
  }

  private void put(String key) {
    queue.put(new Pending(Ledgers.note(key)));
  }

  private void written() {
    queue.written(batch.size());
    batch.forEach(pending -> time.taskEnded());
    batch.clear();
  }

  private List<String> keys() {
    return batch.stream().map(pending -> pending.draft().idempotencyKey()).toList();
  }

  @Test
  void whoComesAgainIsInTheSameBatch() {
    assertThat(queue.take(batch)).isTrue();
    assertThat(keys()).containsExactly("b");
    put("a");

    assertThat(queue.takeMore(batch)).isTrue();

    assertThat(keys()).containsExactly("b", "a");
    assertThat(queue.takeMore(batch)).isFalse();
  }

  @Test
  void moreThanHadAskedWaitForTheNextOne() {
    assertThat(queue.take(batch)).isTrue();
    put("a");
    put("c");

    assertThat(queue.takeMore(batch)).isTrue();

    assertThat(keys()).containsExactly("b", "a");
    assertThat(queue.takeMore(batch)).isFalse();
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void whoDoesNotComeIsNotWaitedForLong() {
    assertThat(queue.take(batch)).isTrue();

    assertThat(queue.takeMore(batch)).isFalse();

    assertThat(keys()).containsExactly("b");
  }

  @Test
  void afterNobodyCameTheNextBatchIsNotKeptOpen() {
    assertThat(queue.take(batch)).isTrue();
    assertThat(queue.takeMore(batch)).isFalse();
    put("c");
    written();
    assertThat(queue.take(batch)).isTrue();
    put("d");

    assertThat(queue.takeMore(batch)).isFalse();

    assertThat(keys()).containsExactly("c");
  }

  @Test
  void whereSomeCameAndOthersDidNotTheNextBatchIsKeptOpenToo() {
    assertThat(queue.take(batch)).isTrue();
    put("a");
    assertThat(queue.takeMore(batch)).isTrue();
    put("c");
    put("d");
    written();
    assertThat(queue.take(batch)).isTrue();
    put("a");
    assertThat(queue.takeMore(batch)).isTrue();
    assertThat(keys()).as("of four that were expected").containsExactly("c", "d", "a");
    assertThat(queue.takeMore(batch)).isFalse();
    put("e");
    written();
    assertThat(queue.take(batch)).isTrue();
    put("f");

    assertThat(queue.takeMore(batch)).isTrue();

    assertThat(keys()).containsExactly("e", "f");
  }
}

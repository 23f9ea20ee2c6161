// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.StaleEpochException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Facts about epochs: one process has a run, and those before it change nothing any more. */
interface CheckpointEpochFacts {
  /** The store under test. */
  CheckpointStore store();

  /** A new run, the same throughout a fact. */
  RunId run();

  /** Takes the run. */
  default long claimed() {
    return store().claim(run(), store().epoch(run())).orElseThrow();
  }

  static Delta elapsed(int number) {
    return new Delta.Elapsed(Duration.ofMillis(number));
  }

  static List<Delta> elapsed(int from, int to) {
    return IntStream.range(from, to).mapToObj(CheckpointEpochFacts::elapsed).toList();
  }

  default Delta.Marked marked(long sequence, String detail) {
    return new Delta.Marked(
        new Checkpoint(
            run(), sequence, LiveRun.START, PipelineStatus.ORCHESTRATING, Payload.text(detail)));
  }

  @Test
  default void givesEachEpochToOneOf32() {
    long epoch = 0;
    for (int i = 0; i < 50; i++) {
      long expected = epoch;

      List<OptionalLong> answers = Together.run(32, n -> store().claim(run(), expected));

      assertThat(answers).filteredOn(OptionalLong::isPresent).as("epoch %s", expected).hasSize(1);
      epoch = store().epoch(run());
      assertThat(epoch).isGreaterThan(expected);
      assertThat(answers).contains(OptionalLong.of(epoch));
    }
  }

  @Test
  default void claimsOnlyFromTheCurrentEpoch() {
    long first = store().claim(run(), 0).orElseThrow();
    assertThat(store().claim(run(), 0)).isEmpty();
    assertThat(store().claim(run(), first + 1)).isEmpty();

    long second = store().claim(run(), first).orElseThrow();

    assertThat(second).isGreaterThan(first);
    assertThat(store().claim(run(), first)).isEmpty();
    assertThat(store().epoch(run())).isEqualTo(second);
  }

  @Test
  default void appendsNothingOfAStaleEpoch() {
    long stale = claimed();
    store().append(run(), stale, elapsed(0, 2));
    long current = claimed();

    assertThatThrownBy(() -> store().append(run(), stale, List.of(elapsed(2), marked(9, "stale"))))
        .isInstanceOf(StaleEpochException.class);
    assertThatThrownBy(() -> store().append(run(), current + 1, elapsed(2, 3)))
        .isInstanceOf(StaleEpochException.class);

    assertThat(store().read(run(), 0, 10)).isEqualTo(elapsed(0, 2));
    assertThat(store().latest(run())).isEmpty();
    store().append(run(), current, elapsed(2, 3));
    assertThat(store().read(run(), 0, 10)).isEqualTo(elapsed(0, 3));
  }

  @Test
  default void acceptsNothingOfTheOldEpochOnceTheRunIsTakenOver() {
    long old = claimed();
    var appended = new AtomicInteger();
    var takenOver = new AtomicInteger(-1);

    Together.run(
        9,
        i -> {
          if (i == 8) {
            claimed();
            takenOver.set(store().read(run(), 0, 100_000).size());
          } else {
            appendUntilStale(old, appended);
          }
          return i;
        });

    assertThat(store().read(run(), 0, 100_000))
        .hasSize(appended.get())
        .as("nothing came after the take-over")
        .hasSize(takenOver.get());
  }

  private void appendUntilStale(long epoch, AtomicInteger appended) {
    for (int n = 0; n < 1_000; n++) {
      try {
        store().append(run(), epoch, List.of(elapsed(n)));
        appended.incrementAndGet();
      } catch (StaleEpochException e) {
        return;
      }
    }
  }
}

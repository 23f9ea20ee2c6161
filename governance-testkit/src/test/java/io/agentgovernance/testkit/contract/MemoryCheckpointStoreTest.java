// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryCheckpointStoreTest extends CheckpointStoreContract {
  private static final Delta ELAPSED = new Delta.Elapsed(Duration.ofSeconds(1));

  @Override
  protected CheckpointStore open() {
    return new MemoryCheckpointStore();
  }

  @Test
  void keepsTheLastRunsThatEndedAndAllThatDidNot() {
    try (var store = new MemoryCheckpointStore()) {
      RunId unfinished = RunId.random();
      store.append(unfinished, store.claim(unfinished, 0).orElseThrow(), List.of(ELAPSED));
      List<RunId> ended = new ArrayList<>();
      for (int i = 0; i < MemoryCheckpointStore.RETAINED + 10; i++) {
        RunId run = RunId.random();
        ended.add(run);
        long epoch = store.claim(run, 0).orElseThrow();
        store.append(run, epoch, List.of(ELAPSED));
        store.finish(run, epoch);
      }

      assertThat(ended.subList(0, 10)).allSatisfy(run -> assertThat(store.epoch(run)).isZero());
      assertThat(ended.subList(10, ended.size()))
          .allSatisfy(run -> assertThat(store.read(run, 0, 10)).containsExactly(ELAPSED));
      assertThat(store.read(unfinished, 0, 10)).containsExactly(ELAPSED);
      assertThat(store.unfinished(10)).containsExactly(unfinished);
    }
  }

  @Test
  void boundsTheDeltasOfARunAllOrNone() {
    try (var store = new MemoryCheckpointStore()) {
      RunId run = RunId.random();
      long epoch = store.claim(run, 0).orElseThrow();
      store.append(run, epoch, Collections.nCopies(499_999, ELAPSED));

      assertThatThrownBy(() -> store.append(run, epoch, List.of(ELAPSED, ELAPSED)))
          .isInstanceOf(CheckpointUnavailableException.class);

      assertThat(store.read(run, 499_999, 10)).isEmpty();
      store.append(run, epoch, List.of(ELAPSED));
      assertThat(store.read(run, 499_999, 10)).containsExactly(ELAPSED);
    }
  }

  @Test
  void livesOnlyAsLongAsTheProcess() {
    try (var store = new MemoryCheckpointStore()) {
      assertThat(store.durability()).isEqualTo(Durability.MEMORY);
    }
  }
}

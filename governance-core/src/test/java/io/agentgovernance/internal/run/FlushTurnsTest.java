// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One flush after the other, also with a store that does not keep to its contract. */
class FlushTurnsTest {
  private static final RunId RUN = RunId.of("run");

  /** Tells when it is told to. */
  private static final class Slow extends ForwardingCheckpointStore {
    final List<Consumer<@Nullable RuntimeException>> told = new ArrayList<>();
    final List<List<Delta>> begun = new ArrayList<>();

    Slow() {
      super(new MemoryCheckpointStore());
    }

    @Override
    public Appending begin(
        RunId run, long epoch, List<Delta> deltas, Consumer<@Nullable RuntimeException> known) {
      begun.add(List.copyOf(deltas));
      told.add(known);
      return () -> {};
    }
  }

  private final Slow store = new Slow();
  private final RunMemory memory =
      new RunMemory(store, RUN, store.claim(RUN, 0).orElseThrow(), Duration.ofMillis(1));

  private static JournalEntry entry(int ordinal) {
    return new JournalEntry(
        RUN.agent(AgentRole.of("one")),
        AgentPhase.EXECUTE,
        1,
        ordinal,
        "get",
        Digest.sha256("request"),
        JournalEntry.Outcome.OK,
        Payload.empty());
  }

  @Test
  void aStoreThatDoesNotTellKeepsNobodyWaitingForEver() {
    memory.journaled(entry(1), 0);
    memory.flush();
    memory.journaled(entry(2), 0);

    assertThatThrownBy(memory::flush)
        .isInstanceOf(CheckpointUnavailableException.class)
        .hasMessageContaining("has not told in PT0.001S");
    assertThat(store.begun).as("nothing overtakes it").hasSize(1);

    store.told.get(0).accept(null);
    memory.flush();
    assertThat(store.begun.get(1)).containsExactly(new Delta.Journaled(entry(2)));
  }

  @Test
  void anInterruptedFlushIsWrittenAndItsThreadStaysInterrupted() throws Exception {
    var patient = new RunMemory(store, RUN, 1, Duration.ofSeconds(60));
    patient.journaled(entry(1), 0);
    patient.flush();
    patient.journaled(entry(2), 0);
    var interrupted = new CompletableFuture<Boolean>();
    var second =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              patient.flush();
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    second.start();

    store.told.get(0).accept(null);

    assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(store.begun).hasSize(2);
  }

  @Test
  void aStoreThatTellsTwiceGivesNobodyASecondTurn() {
    memory.journaled(entry(1), 0);
    memory.flush();
    store.told.get(0).accept(null);
    memory.journaled(entry(2), 0);
    memory.flush();

    store.told.get(0).accept(new CheckpointUnavailableException("again", null));

    memory.journaled(entry(3), 0);
    assertThatThrownBy(memory::flush).isInstanceOf(CheckpointUnavailableException.class);
    store.told.get(1).accept(new CheckpointUnavailableException("not written", null));
    memory.flush();
    assertThat(store.begun.get(2))
        .as("what was not written, and what came after it")
        .containsExactly(new Delta.Journaled(entry(2)), new Delta.Journaled(entry(3)));
  }

  @Test
  void aClockThatFailsCostsNobodyHisTurn() {
    memory.times(() -> Duration.ZERO);
    memory.journaled(entry(1), 0);
    var failing = new ArrayList<>(List.of(1, 2));
    memory.times(
        () -> {
          if (!failing.isEmpty() && failing.remove(0) == 2) {
            throw new IllegalStateException("no time");
          }
          return Duration.ZERO;
        });

    assertThatThrownBy(memory::flush).hasMessage("no time");
    memory.flush();

    assertThat(store.begun).containsExactly(List.of(new Delta.Journaled(entry(1))));
  }
}

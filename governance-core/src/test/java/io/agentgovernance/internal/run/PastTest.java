// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several processes of one run remember what each of them saw. */
class PastTest {
  private static final RunId RUN = RunId.of("run");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MemoryCheckpointStore store = new MemoryCheckpointStore();

  private static Delta.Opened opened() {
    return new Delta.Opened(
        new RunTerms(
            TenantId.DEFAULT,
            RUN,
            "an objective",
            Payload.empty(),
            List.of(AgentRole.ALPHA),
            AgentRole.ALPHA,
            SpendBudget.perRun(Money.usd("1"), 1_000),
            Duration.ofMinutes(2),
            Set.of(),
            Digest.sha256("definition"),
            START));
  }

  private static Delta.Changed change(long sequence, String text) {
    return new Delta.Changed(
        sequence, START.plusSeconds(sequence), new Command.Note(null, "note", Payload.text(text)));
  }

  private static List<Delta> changes(int from, int to) {
    return IntStream.rangeClosed(from, to).<Delta>mapToObj(i -> change(i, "change " + i)).toList();
  }

  @SafeVarargs
  private Past past(List<Delta>... appended) {
    long epoch = store.claim(RUN, 0).orElseThrow();
    store.append(RUN, epoch, List.of(opened()));
    for (List<Delta> deltas : appended) {
      store.append(RUN, epoch, deltas);
    }
    return Past.read(store, RUN).orElseThrow();
  }

  private static void isWhole(Past past, int last) {
    assertThat(past.changes())
        .extracting(Change::sequence)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, last).mapToObj(i -> (long) i).toList());
    assertThat(past.changes())
        .extracting(Change::command)
        .containsExactlyElementsOf(
            changes(1, last).stream().map(d -> ((Delta.Changed) d).command()).toList());
  }

  @Test
  void aChangeThatIsRememberedTwiceCountsOnce() {
    isWhole(past(changes(1, 5), changes(1, 7), changes(6, 9)), 9);
  }

  @Test
  void aChangeThatIsRememberedEarlyWaitsForThoseBeforeIt() {
    isWhole(past(changes(1, 3), changes(6, 8), changes(4, 7), changes(8, 9)), 9);
  }

  @Test
  void anyInterleavingOfTwoProcessesIsTheSamePast() {
    var random = new Random(7);
    List<Delta> one = new ArrayList<>(changes(1, 40));
    List<Delta> mixed = new ArrayList<>(one);
    mixed.addAll(changes(11, 40));
    Collections.shuffle(mixed, random);

    isWhole(past(mixed), 40);
  }

  @Test
  void aChangeThatIsMissingIsAnError() {
    assertThatThrownBy(() -> past(changes(1, 3), changes(5, 6)))
        .isInstanceOf(CheckpointUnreadableException.class)
        .hasMessageContaining("change 4")
        .hasMessageContaining("change 5");
  }

  @Test
  void twoChangesInOnePlaceAreAnError() {
    assertThatThrownBy(() -> past(changes(1, 3), List.of(change(2, "something else"))))
        .isInstanceOf(CheckpointUnreadableException.class)
        .hasMessageContaining("change 2")
        .hasMessageNotContaining("something else");
  }
}

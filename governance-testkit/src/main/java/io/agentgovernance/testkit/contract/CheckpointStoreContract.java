// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CheckpointEpochFacts.elapsed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.StaleEpochException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link CheckpointStore} has to do. Extend it in the tests of a store. */
public abstract class CheckpointStoreContract implements CheckpointEpochFacts {
  private @Nullable CheckpointStore opened;
  private final RunId run = RunId.random();

  /** Makes the contract; JUnit makes one for each fact. */
  protected CheckpointStoreContract() {}

  /** Opens the store; it may hold runs of others. */
  protected abstract CheckpointStore open();

  @BeforeEach
  final void openStore() {
    opened = open();
  }

  @AfterEach
  final void closeStore() {
    store().close();
    store().close(); // once more is no mistake
  }

  @Override
  public final CheckpointStore store() {
    CheckpointStore store = opened;
    if (store == null) {
      throw new IllegalStateException("not open");
    }
    return store;
  }

  @Override
  public final RunId run() {
    return run;
  }

  @Test
  final void knowsNothingOfARunThatIsNotThere() {
    assertThat(store().epoch(run)).isZero();
    assertThat(store().read(run, 0, 10)).isEmpty();
    assertThat(store().latest(run)).isEmpty();
    assertThat(store().claim(run, 1)).isEmpty();
    assertThat(store().unfinished(1_000)).doesNotContain(run);
    assertThat(store().durability()).isNotNull();
    assertThatThrownBy(() -> store().append(run, 1, elapsed(0, 1)))
        .isInstanceOf(StaleEpochException.class);
    assertThat(store().epoch(run)).isZero();
  }

  @Test
  final void readsWhatWasAppendedInOrderAndInPages() {
    long epoch = claimed();
    store().append(run, epoch, elapsed(0, 4));
    store().append(run, epoch, List.of());
    store().append(run, epoch, elapsed(4, 10));

    assertThat(store().read(run, 0, 100)).isEqualTo(elapsed(0, 10));
    assertThat(store().read(run, 0, 3)).isEqualTo(elapsed(0, 3));
    assertThat(store().read(run, 3, 3)).isEqualTo(elapsed(3, 6));
    assertThat(store().read(run, 9, 3)).isEqualTo(elapsed(9, 10));
    assertThat(store().read(run, 10, 3)).isEmpty();
    assertThat(store().read(run, Long.MAX_VALUE, 3)).isEmpty();
    assertThat(store().read(run, 0, 0)).isEmpty();
    assertThat(store().read(RunId.random(), 0, 100)).as("of another run").isEmpty();
  }

  @Test
  final void readsEveryKindOfDeltaAsItWas() {
    var terms = LiveRun.terms(run, LiveRun.AMPLE);
    var agent = run.agent(AgentRole.ALPHA);
    List<Delta> deltas =
        List.of(
            new Delta.Opened(terms),
            new Delta.Changed(1, LiveRun.START, new Command.Stop("an operator", "enough")),
            new Delta.Journaled(
                new JournalEntry(
                    agent,
                    AgentPhase.EXECUTE,
                    1,
                    2,
                    "model",
                    Digest.sha256("asked"),
                    JournalEntry.Outcome.OK,
                    Payload.json("{\"a\":[1,2.50,\"ü\"]}"))),
            marked(1, "detail"),
            elapsed(17));

    store().append(run, claimed(), deltas);

    assertThat(store().read(run, 0, 10)).isEqualTo(deltas);
  }

  @Test
  final void appendsAllOrNone() {
    long epoch = claimed();
    List<@Nullable Delta> broken = new ArrayList<>(elapsed(0, 2));
    broken.add(null);

    @SuppressWarnings({"unchecked", "NullAway"}) // a mistake on purpose
    List<Delta> deltas = (List<Delta>) (List<?>) broken;
    assertThatThrownBy(() -> store().append(run, epoch, deltas))
        .isInstanceOf(RuntimeException.class);

    assertThat(store().read(run, 0, 10)).isEmpty();
  }

  @Test
  final void keepsTheBatchesOf16AppendersWhole() {
    long epoch = claimed();

    Together.run(
        16,
        i -> {
          for (int n = 0; n < 20; n++) {
            int first = (i * 20 + n) * 5;
            store().append(run, epoch, elapsed(first, first + 5));
          }
          return i;
        });

    List<Delta> all = store().read(run, 0, 10_000);
    assertThat(all).hasSize(16 * 20 * 5).doesNotHaveDuplicates();
    for (int i = 0; i < all.size(); i += 5) {
      int first = (int) ((Delta.Elapsed) all.get(i)).active().toMillis();
      assertThat(all.subList(i, i + 5)).isEqualTo(elapsed(first, first + 5));
    }
  }

  @Test
  final void tellsTheLatestMark() {
    long epoch = claimed();
    store().append(run, epoch, List.of(marked(1, "one"), elapsed(0), marked(2, "two")));
    store().append(run, epoch, List.of(elapsed(1)));

    assertThat(store().latest(run)).contains(marked(2, "two").checkpoint());
    store().append(run, epoch, List.of(marked(3, "three")));
    assertThat(store().latest(run)).contains(marked(3, "three").checkpoint());
  }

  @Test
  final void listsUnfinishedRunsOldestFirst() {
    List<RunId> started = new ArrayList<>();
    List<Long> epochs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      started.add(RunId.random());
      epochs.add(store().claim(started.get(i), 0).orElseThrow());
    }

    store().finish(started.get(1), epochs.get(1));

    List<RunId> unfinished = store().unfinished(1_000);
    assertThat(unfinished).containsSubsequence(started.get(0), started.get(2), started.get(3));
    assertThat(unfinished).doesNotContain(started.get(1));
    assertThat(store().unfinished(2)).isEqualTo(unfinished.subList(0, 2));
    assertThat(store().unfinished(0)).isEmpty();
  }

  @Test
  final void isHeldUntilItIsGivenBackOrEnds() {
    assertThat(store().held(run)).as("not there").isFalse();
    long first = claimed();
    assertThat(store().held(run)).isTrue();

    store().release(run, first + 1);
    assertThat(store().held(run)).as("given back by a stranger").isTrue();
    store().release(run, first);
    assertThat(store().held(run)).isFalse();
    assertThat(store().epoch(run)).isEqualTo(first);
    assertThat(store().unfinished(1_000)).contains(run);

    long second = claimed();
    assertThat(store().held(run)).isTrue();
    store().release(run, first);
    assertThat(store().held(run)).as("given back by whom it was taken from").isTrue();
    store().finish(run, second);
    assertThat(store().held(run)).isFalse();
  }

  @Test
  final void finishesOnceAndOnlyForTheCurrentEpoch() {
    long stale = claimed();
    long current = claimed();
    store().append(run, current, elapsed(0, 2));

    assertThatThrownBy(() -> store().finish(run, stale)).isInstanceOf(StaleEpochException.class);
    assertThat(store().unfinished(1_000)).contains(run);
    store().finish(run, current);
    store().finish(run, current);

    assertThat(store().unfinished(1_000)).doesNotContain(run);
    assertThat(store().read(run, 0, 10)).as("it stays readable").isEqualTo(elapsed(0, 2));
  }
}

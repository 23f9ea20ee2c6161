// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Facts about followers: every change, in order, without gaps. */
interface FollowFacts extends CoordinationFacts {

  @Test
  default void saysHowFarReadersHaveSeen() {
    LiveRun run = run();
    Actor actor = run.agent("writer");
    for (int i = 0; i < 10; i++) {
      Applied<?> applied = actor.ok(actor.write("w" + i, "key"));
      assertThat(run.store.sequence()).isEqualTo(applied.sequence());
    }
  }

  @Test
  default void announcesTheChangesOf16AppliersInOrderWithoutGaps() throws Exception {
    followTogether(run());
  }

  /** Two followers see all that 16 threads apply, in the order of the sequence. */
  static void followTogether(LiveRun run) throws Exception {
    Actor actor = run.agent("writer");
    int all = 16 * 200;
    var arrived = new CountDownLatch(2 * all);
    List<Change> one = new CopyOnWriteArrayList<>();
    List<Change> two = new CopyOnWriteArrayList<>();

    List<List<Applied<?>>> applied;
    try (AutoCloseable first = run.store.follow(collect(one, arrived));
        AutoCloseable second = run.store.follow(collect(two, arrived))) {
      assertThat(first).isNotSameAs(second);
      applied =
          Together.run(
              16,
              i -> {
                List<Applied<?>> mine = new ArrayList<>();
                for (int n = 0; n < 200; n++) {
                  mine.add(actor.ok(actor.write(i + "/" + n, "key" + i)));
                }
                return mine;
              });
      run.stop(); // one change more, so that a missing one shows as a gap and not as a long wait
      Together.await(arrived);
    }

    List<Long> sequences = one.stream().map(Change::sequence).limit(all).toList();
    assertThat(sequences)
        .isEqualTo(LongStream.range(2, 2 + all).boxed().toList()); // 1 was the agent
    assertThat(two.stream().limit(all)).isEqualTo(one.stream().limit(all).toList());
    assertThat(applied.stream().flatMap(List::stream).map(Applied::sequence).sorted())
        .containsExactlyElementsOf(sequences);
  }

  private static Consumer<Change> collect(List<Change> into, CountDownLatch arrived) {
    return change -> {
      into.add(change);
      arrived.countDown();
    };
  }

  @Test
  default void announcesOnlyWhatIsAppliedFromNowOn() {
    LiveRun run = run();
    Actor actor = run.agent("writer");
    actor.ok(actor.write("w1", "key"));

    List<Change> changes =
        CoordinationFacts.changes(run.store, () -> actor.ok(actor.write("w2", "key")));

    assertThat(changes).extracting(Change::sequence).containsExactly(3L);
  }

  @Test
  default void announcesNothingAfterItsEnd() throws Exception {
    LiveRun run = run();
    List<Change> seen = new CopyOnWriteArrayList<>();
    AutoCloseable following = run.store.follow(seen::add);
    following.close();
    following.close();

    List<Change> changes =
        CoordinationFacts.changes(
            run.store, () -> run.store.apply(new Command.Note(null, "a note", Payload.empty())));

    assertThat(changes).hasSize(1);
    assertThat(seen).isEmpty();
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class MemoryCoordinationTest extends CoordinationContract {
  @Override
  protected Coordination open(TimeSource time) {
    return new MemoryCoordination(time);
  }

  @Test
  void forgetsAReleasedRun() {
    LiveRun run = run();

    coordination().release(run.id);

    assertThat(coordination().attach(run.id)).isEmpty();
    assertThat(coordination().create(LiveRun.terms(run.id, LiveRun.AMPLE))).isPresent();
    assertThat(coordination().attach(RunId.random())).isEmpty();
  }

  @Test
  void aFollowerThatFailsStopsNobody() {
    LiveRun run = run();
    run.store.follow(
        change -> {
          throw new IllegalStateException("a follower's mistake");
        });
    run.store.follow(
        change -> {
          throw new AssertionError("another one's");
        });
    List<Long> seen = new ArrayList<>();
    run.store.follow(change -> seen.add(change.sequence()));

    run.agent("one");
    run.agent("two");

    assertThat(seen).containsExactly(1L, 2L);
  }

  @Test
  void aFollowerMayApplyAndSeesItsOwnChangeAfterTheCurrentOne() {
    LiveRun run = run();
    List<Long> seen = new ArrayList<>();
    run.store.follow(
        change -> {
          if (change.sequence() == 1) {
            run.store.apply(new Command.Note(null, "a reaction", Payload.empty()));
          }
          seen.add(change.sequence());
        });

    run.agent("one");

    assertThat(seen).containsExactly(1L, 2L);
  }

  @Test
  void holdsNoLockWhileAFollowerRuns() {
    LiveRun run = run();
    Actor actor = run.agent("one");
    var entered = new CountDownLatch(1);
    var applied = new CountDownLatch(1);
    run.store.follow(
        change -> {
          entered.countDown();
          Together.await(applied);
        });

    List<Applied<?>> answers =
        Together.run(
            2,
            i -> {
              if (i == 1) {
                Together.await(entered); // the other thread is in the follower
              }
              Applied<?> answer = actor.does(actor.write("w" + i, "key" + i));
              if (i == 1) {
                assertThat(run.store.entries("")).hasSize(2);
                applied.countDown();
              }
              return answer;
            });

    assertThat(answers).allMatch(Applied::accepted);
  }

  @Test
  void boundsKeysWritesMessagesProposalsAndApprovals() {
    Actor actor = run().agent("one");
    Payload value = Payload.text("same");

    int keys = accepted(i -> actor.write("k" + i, "key" + i, value, 0), actor);
    int writes = keys + accepted(i -> actor.write("w" + i, "key0", value, -1), actor);
    int messages =
        accepted(i -> new Command.Send(actor.id, actor.lease.token(), "m" + i, null, value), actor);
    int proposals =
        accepted(i -> new Command.Propose(actor.id, actor.lease.token(), "p" + i, value), actor);
    int approvals = accepted(i -> actor.request("q" + i, Duration.ofHours(1)), actor);

    assertThat(List.of(keys, writes, messages, proposals, approvals))
        .containsExactly(10_000, 100_000, 100_000, 1_000, 10_000);
  }

  private static int accepted(IntFunction<Command<?>> command, Actor actor) {
    for (int i = 0; i < 1_000_000; i++) {
      Applied<?> answer = actor.does(command.apply(i));
      if (!answer.accepted()) {
        assertRefused(answer, Applied.Status.CONFLICT, "LIMIT");
        return i;
      }
    }
    throw new AssertionError("no bound");
  }

  @Test
  void announcesFromTheChangeAfterFollowing() {
    LiveRun run = run();
    run.agent("one");

    List<Change> changes = CoordinationFacts.changes(run.store, () -> run.agent("two"));

    assertThat(changes).extracting(Change::sequence).containsExactly(2L);
  }
}

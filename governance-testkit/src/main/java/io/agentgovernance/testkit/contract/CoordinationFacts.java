// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.AbstractObjectAssert;

/** What the facts about a coordination store have in common. */
interface CoordinationFacts {

  /** The store under test. */
  Coordination coordination();

  /** Lets time pass for leases and approvals. */
  void letPass(Duration by);

  /** A new run. */
  default LiveRun run() {
    return LiveRun.in(coordination());
  }

  /** Says that a command was refused, why, and that it has no sequence. */
  static void assertRefused(Applied<?> applied, Applied.Status status, String reason) {
    assertThat(applied).isEqualTo(Applied.refused(status, reason));
  }

  /** The status a command was answered with. */
  static AbstractObjectAssert<?, Applied.Status> assertStatus(Applied<?> applied) {
    return assertThat(applied).extracting(Applied::status).as("%s", applied);
  }

  /**
   * The changes made while {@code steps} run, which a note at the end tells apart from later ones.
   */
  static List<Change> changes(RunStore store, Runnable steps) {
    List<Change> seen = new CopyOnWriteArrayList<>();
    String end = "end of " + System.identityHashCode(seen);
    var ended = new CountDownLatch(1);
    AutoCloseable following =
        store.follow(
            change -> {
              if (change.command() instanceof Command.Note note && note.type().equals(end)) {
                ended.countDown();
              } else {
                seen.add(change);
              }
            });
    try (following) {
      steps.run();
      store.apply(new Command.Note(null, end, Payload.empty()));
      Together.await(ended);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("the announcements could not be ended", e);
    }
    return seen;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about the life cycle: phases in order, and signs of life that do not last for ever. */
interface PhaseFacts extends CoordinationFacts {

  /** The phases an agent walks through, in order. */
  List<AgentPhase> WALK =
      List.of(AgentPhase.values()).stream().filter(p -> p.outputType().isPresent()).toList();

  @Test
  default void walksThroughAllPhasesInOrder() {
    Actor actor = run().agent("alpha");

    for (AgentPhase phase : WALK) {
      actor.ok(actor.enter(phase));
      assertThat(actor.state().phase()).isEqualTo(phase);
      actor.ok(actor.finish(phase));
    }

    assertThat(WALK).startsWith(AgentPhase.BOOTSTRAP).endsWith(AgentPhase.EXIT).hasSize(8);
    assertThat(actor.state().outputs()).extracting(AgentOutput::phase).isEqualTo(WALK);
  }

  @Test
  default void refusesEveryPhaseButTheNextOne() {
    Actor actor = run().agent("alpha");

    for (AgentPhase next : WALK) {
      for (AgentPhase phase : AgentPhase.values()) {
        boolean entered = phase == actor.state().phase();
        if (phase != next && !entered) {
          assertRefused(actor.does(actor.enter(phase)), Status.CONFLICT, "PHASE_JUMP");
        }
      }
      actor.ok(actor.enter(next));
      actor.ok(actor.finish(next));
    }
    assertRefused(actor.does(actor.enter(AgentPhase.REVOKED)), Status.CONFLICT, "PHASE_JUMP");
  }

  @Test
  default void refusesTheNextPhaseWhileThisOneHasNoOutput() {
    Actor actor = run().agent("alpha");
    actor.ok(actor.enter(AgentPhase.BOOTSTRAP));

    assertRefused(actor.does(actor.enter(AgentPhase.PREFLIGHT)), Status.CONFLICT, "PHASE_JUMP");
  }

  @Test
  default void refusesTheOutputOfAPhaseThatWasNotEntered() {
    Actor actor = run().agent("alpha");

    assertRefused(actor.does(actor.finish(AgentPhase.BOOTSTRAP)), Status.CONFLICT, "PHASE_JUMP");
    actor.ok(actor.enter(AgentPhase.BOOTSTRAP));
    assertRefused(actor.does(actor.finish(AgentPhase.PLAN)), Status.CONFLICT, "PHASE_JUMP");
    assertThat(actor.state().outputs()).isEmpty();
  }

  @Test
  default void runsFromItsFirstPhaseOn() {
    LiveRun run = run();
    Actor actor = run.agent("alpha");
    assertThat(actor.state().status()).isEqualTo(AgentStatus.PENDING);

    var changes = changes(run.store, () -> actor.ok(actor.enter(AgentPhase.BOOTSTRAP)));

    assertThat(actor.state().status()).isEqualTo(AgentStatus.RUNNING);
    assertThat(changes.get(0).effects())
        .containsExactly(
            new Effect.AgentChanged(actor.id, AgentStatus.PENDING, AgentStatus.RUNNING, ""));
  }

  @Test
  default void givesTenHeartbeatsInARow() {
    Actor actor = run().agent("alpha");

    List<Applied<Integer>> answers = Together.run(25, i -> actor.does(actor.heartbeat()));

    assertThat(answers)
        .filteredOn(a -> a.status() == Status.OK)
        .extracting(Applied::orThrow)
        .containsExactlyInAnyOrder(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    assertThat(answers)
        .filteredOn(a -> a.status() != Status.OK)
        .hasSize(25 - Command.Heartbeat.MAX_IN_A_ROW)
        .allSatisfy(a -> assertRefused(a, Status.CONFLICT, "NO_PROGRESS"));
  }

  @Test
  default void givesHeartbeatsAgainAfterProgress() {
    LiveRun run = run();
    Actor actor = run.agent("alpha");
    Actor other = run.agent("beta");
    List<Command<?>> progress =
        List.of(
            actor.enter(AgentPhase.BOOTSTRAP),
            actor.finish(AgentPhase.BOOTSTRAP),
            actor.progress(),
            actor.write("w1", "key"),
            actor.send("m1", other),
            actor.propose("p1"));

    for (Command<?> command : progress) {
      exhaust(actor);
      actor.ok(command);
      assertThat(actor.ok(actor.heartbeat()).orThrow()).as("%s", command).isEqualTo(9);
    }
    other.ok(other.propose("p2"));
    exhaust(actor);
    actor.ok(actor.reject("p2"));
    assertThat(actor.ok(actor.heartbeat()).orThrow()).isEqualTo(9);
  }

  @Test
  default void countsNeitherRepetitionsNorErrorsNorOthersAsProgress() {
    LiveRun run = run();
    Actor actor = run.agent("alpha");
    Actor other = run.agent("beta");
    actor.ok(actor.send("m1", other));
    actor.ok(actor.write("w1", "key"));
    var same = actor.write("w2", "key", run.store.entry("key").orElseThrow().value(), 1);
    exhaust(actor);

    assertStatus(actor.does(actor.send("m1", other))).isEqualTo(Status.DUP);
    assertStatus(actor.does(actor.write("w1", "key"))).isEqualTo(Status.DUP);
    actor.ok(same);
    actor.ok(actor.error("e1", "timeout"));
    other.ok(other.write("w3", "key"));

    assertRefused(actor.does(actor.heartbeat()), Status.CONFLICT, "NO_PROGRESS");
  }

  private static void exhaust(Actor actor) {
    for (int i = 0; i < Command.Heartbeat.MAX_IN_A_ROW; i++) {
      actor.does(actor.heartbeat());
    }
    assertRefused(actor.does(actor.heartbeat()), Status.CONFLICT, "NO_PROGRESS");
  }
}

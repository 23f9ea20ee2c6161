// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about handoffs: one for an agent that left work behind, claimed once. */
interface HandoffFacts extends CoordinationFacts {

  private static Command.GiveUpHandoff giveUp(Actor from) {
    return new Command.GiveUpHandoff(from.run.lead.token(), from.id.value() + "/handoff");
  }

  private static Handoff only(LiveRun run) {
    assertThat(run.store.handoffs()).hasSize(1);
    return run.store.handoffs().get(0);
  }

  @Test
  default void handsOffPhaseOutputsOpenProposalsAndUnreadMessages() {
    LiveRun run = run();
    Actor leaving = run.agent("leaving");
    Actor partner = run.agent("partner");
    leaving.ok(leaving.enter(AgentPhase.BOOTSTRAP));
    leaving.ok(leaving.finish(AgentPhase.BOOTSTRAP));
    leaving.ok(leaving.enter(AgentPhase.PREFLIGHT));
    leaving.ok(leaving.propose("rejected"));
    partner.ok(partner.reject("rejected"));
    leaving.ok(leaving.propose("open"));
    partner.ok(partner.send("m1", leaving));
    leaving.ok(leaving.send("m2", partner));

    var changes = changes(run.store, () -> leaving.ok(leaving.violation("v1")));

    Handoff handoff = only(run);
    assertThat(handoff.id()).isEqualTo(leaving.id.value() + "/handoff");
    assertThat(handoff.from()).isEqualTo(leaving.id);
    assertThat(handoff.cause()).isEqualTo("it jumped");
    assertThat(handoff.phase()).isEqualTo(AgentPhase.PREFLIGHT);
    assertThat(handoff.outputs())
        .extracting(AgentOutput::phase)
        .containsExactly(AgentPhase.BOOTSTRAP);
    assertThat(handoff.openProposals()).containsExactly("open");
    assertThat(handoff.unread()).extracting(AgentMessage::id).containsExactly("m1");
    assertThat(handoff.depth()).isEqualTo(1);
    assertThat(handoff.state()).isEqualTo(Handoff.State.OPEN);
    assertThat(changes.get(0).effects())
        .containsExactly(
            new Effect.AgentChanged(
                leaving.id, AgentStatus.RUNNING, AgentStatus.REVOKED, "it jumped"),
            new Effect.HandedOff(handoff));
  }

  @Test
  default void onlyFailureAndRevocationHandOff() {
    for (AgentStatus status : AgentStatus.values()) {
      if (status == AgentStatus.PENDING || status == AgentStatus.REVOKED) {
        continue;
      }
      LiveRun run = run();
      Actor actor = run.agent("alpha");

      actor.ok(actor.status(status));

      assertThat(run.store.handoffs())
          .as("%s", status)
          .hasSize(status == AgentStatus.FAILED ? 1 : 0);
    }
  }

  @Test
  default void aMediatorHandsNothingOff() {
    LiveRun run = run();
    Actor gamma = run.mediator("gamma", MediationReason.STUCK);

    gamma.revoke();

    assertThat(run.store.handoffs()).isEmpty();
  }

  @Test
  default void isClaimedByOneOf32AtOnce() {
    for (int repetition = 0; repetition < 20; repetition++) {
      LiveRun run = run();
      Actor leaving = run.agent("leaving");
      List<Actor> heirs = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        heirs.add(run.agent("heir" + i));
      }
      leaving.revoke();

      List<Applied<Handoff>> answers =
          Together.run(32, i -> heirs.get(i).does(heirs.get(i).claim(leaving)));

      assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
      assertThat(answers).filteredOn(a -> a.reason().equals("ALREADY_CLAIMED")).hasSize(31);
      Handoff handoff = only(run);
      assertThat(handoff.state()).isEqualTo(Handoff.State.CLAIMED);
      int winner =
          answers.indexOf(answers.stream().filter(Applied::accepted).findAny().orElseThrow());
      assertThat(handoff.claimedBy()).isEqualTo(heirs.get(winner).id);
    }
  }

  @Test
  default void isClaimedOrGivenUpButNotBoth() {
    for (int repetition = 0; repetition < 100; repetition++) {
      LiveRun run = run();
      Actor leaving = run.agent("leaving");
      Actor heir = run.agent("heir");
      leaving.revoke();

      List<Applied<Handoff>> answers =
          Together.run(
              2, i -> i == 0 ? heir.does(heir.claim(leaving)) : heir.does(giveUp(leaving)));

      assertThat(answers).filteredOn(Applied::accepted).hasSize(1);
      assertThat(answers).filteredOn(a -> a.reason().equals("ALREADY_CLAIMED")).hasSize(1);
      assertThat(only(run).state())
          .isEqualTo(answers.get(0).accepted() ? Handoff.State.CLAIMED : Handoff.State.UNCLAIMED);
    }
  }

  @Test
  default void isGivenUpOnce() {
    LiveRun run = run();
    Actor leaving = run.agent("leaving");
    Actor heir = run.agent("heir");
    leaving.revoke();

    heir.ok(giveUp(leaving));

    assertStatus(heir.does(giveUp(leaving))).isEqualTo(Status.DUP);
    assertRefused(heir.does(heir.claim(leaving)), Status.CONFLICT, "ALREADY_CLAIMED");
    assertThat(only(run).claimedBy()).isNull();
  }

  @Test
  default void refusesHandoffsThatThereAreNot() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");

    assertRefused(one.does(one.claim(two)), Status.CONFLICT, "UNKNOWN_HANDOFF");
    assertRefused(one.does(giveUp(two)), Status.CONFLICT, "UNKNOWN_HANDOFF");
  }

  @Test
  default void aSuccessorHandsOffOneStepDeeperAndHasItsOwnBudget() {
    LiveRun run = run();
    Actor first = run.agent("first");
    first.ok(first.error("e1", "timeout"));
    first.revoke();
    Actor second = run.successor("second", first);
    second.ok(second.claim(first));

    assertThat(second.state().errors()).isZero();
    assertThat(second.state().successorOf()).isEqualTo(first.id);
    second.revoke();

    assertThat(run.store.handoffs())
        .extracting(Handoff::depth)
        .containsExactly(1, Handoff.MAX_DEPTH);
  }
}

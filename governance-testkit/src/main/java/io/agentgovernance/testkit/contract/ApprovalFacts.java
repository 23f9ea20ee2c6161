// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Digest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about approvals: bound to what was shown, decided by a person in time, used once. */
interface ApprovalFacts extends CoordinationFacts {
  Duration HOUR = Duration.ofHours(1);

  /** An agent with one request that waits for a person. */
  private Actor asking() {
    Actor actor = run().agent("alpha");
    actor.ok(actor.request("q1", HOUR));
    return actor;
  }

  private static ApprovalState.State stateOf(Actor actor) {
    return actor.run.store.approvals().get(0).state();
  }

  @Test
  default void asksApprovesAndUses() {
    Actor actor = asking();
    assertThat(stateOf(actor)).isEqualTo(ApprovalState.State.PENDING);

    ApprovalState approved = actor.ok(Actor.approve("q1", "Kim")).orThrow();
    ApprovalState used = actor.ok(actor.use("q1")).orThrow();

    assertThat(approved.state()).isEqualTo(ApprovalState.State.APPROVED);
    assertThat(approved.by()).isEqualTo("Kim");
    assertThat(used.state()).isEqualTo(ApprovalState.State.USED);
    assertThat(actor.run.store.approvals()).containsExactly(used);
  }

  @Test
  default void refusesADecisionForEachReasonOfItsOwn() {
    Actor actor = asking();
    Digest other = Digest.sha256("something else");
    var wrong =
        new Command.DecideApproval(
            "q1",
            new ApprovalDecision(ApprovalDecision.Choice.APPROVE, "Kim", other, "looks right"));
    Actor colleague = actor.run.agent("beta");

    assertRefused(actor.does(Actor.approve("q9", "Kim")), Status.CONFLICT, "UNKNOWN");
    assertRefused(actor.does(wrong), Status.CONFLICT, "WRONG_DIGEST");
    assertRefused(actor.does(Actor.approve("q1", actor.id.value())), Status.CONFLICT, "REQUESTER");
    assertRefused(actor.does(Actor.approve("q1", colleague.id.value())), Status.CONFLICT, "AGENT");
    assertThat(stateOf(actor)).isEqualTo(ApprovalState.State.PENDING);
    actor.ok(Actor.approve("q1", "Kim"));
    assertRefused(actor.does(Actor.approve("q1", "Kim")), Status.CONFLICT, "NOT_PENDING");
  }

  @Test
  default void refusesADecisionAfterItsTimeEvenIfNobodyMarkedItExpired() {
    Actor actor = asking();
    assertRefused(actor.does(new Command.ExpireApproval("q1")), Status.CONFLICT, "NOT_YET");

    letPass(HOUR);

    assertRefused(actor.does(Actor.approve("q1", "Kim")), Status.CONFLICT, "EXPIRED");
    ApprovalState expired = actor.ok(new Command.ExpireApproval("q1")).orThrow();
    assertThat(expired.state()).isEqualTo(ApprovalState.State.EXPIRED);
    assertStatus(actor.does(new Command.ExpireApproval("q1"))).isEqualTo(Status.DUP);
    assertRefused(actor.does(Actor.approve("q1", "Kim")), Status.CONFLICT, "EXPIRED");
    assertRefused(actor.does(actor.use("q1")), Status.CONFLICT, "NOT_APPROVED");
  }

  @Test
  default void doesNotExpireWhatWasDecided() {
    Actor actor = asking();
    actor.ok(Actor.approve("q1", "Kim"));
    letPass(HOUR);

    assertRefused(actor.does(new Command.ExpireApproval("q1")), Status.CONFLICT, "NOT_PENDING");
    assertRefused(actor.does(new Command.ExpireApproval("q9")), Status.CONFLICT, "UNKNOWN");
    assertThat(stateOf(actor)).isEqualTo(ApprovalState.State.APPROVED);
  }

  @Test
  default void usesNothingThatIsPendingDeniedUnknownOrOfAnotherDigest() {
    Actor actor = asking();
    assertRefused(actor.does(actor.use("q1")), Status.CONFLICT, "NOT_APPROVED");
    assertRefused(actor.does(actor.use("q9")), Status.CONFLICT, "NOT_APPROVED");
    var denial =
        new ApprovalDecision(
            ApprovalDecision.Choice.DENY, "Kim", Actor.digestOf("q1"), "too much money");
    ApprovalState denied = actor.ok(new Command.DecideApproval("q1", denial)).orThrow();

    assertThat(denied.state()).isEqualTo(ApprovalState.State.DENIED);
    assertThat(denied.reason()).isEqualTo("too much money");
    assertRefused(actor.does(actor.use("q1")), Status.CONFLICT, "NOT_APPROVED");

    actor.ok(actor.request("q2", HOUR));
    actor.ok(Actor.approve("q2", "Kim"));
    var changed =
        new Command.UseApproval(
            actor.id, actor.lease.token(), "q2", Digest.sha256("changed parameters"));
    assertRefused(actor.does(changed), Status.CONFLICT, "WRONG_DIGEST");
    actor.ok(actor.use("q2"));
  }

  @Test
  default void isUsedOnceBy32AtOnce() {
    for (int repetition = 0; repetition < 100; repetition++) {
      Actor actor = asking();
      actor.ok(Actor.approve("q1", "Kim"));

      List<Applied<ApprovalState>> answers = Together.run(32, i -> actor.does(actor.use("q1")));

      assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
      assertThat(answers)
          .filteredOn(a -> a.equals(Applied.refused(Status.CONFLICT, "NOT_APPROVED")))
          .hasSize(31);
    }
  }

  @Test
  default void isDecidedOnceBy32PeopleAtOnce() {
    Actor actor = asking();

    List<Applied<ApprovalState>> answers =
        Together.run(32, i -> actor.does(Actor.approve("q1", "person " + i)));

    assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
    assertThat(answers).filteredOn(a -> a.reason().equals("NOT_PENDING")).hasSize(31);
  }

  @Test
  default void decidesNothingAfterAStop() {
    Actor actor = asking();
    actor.run.stop();

    assertStatus(actor.does(Actor.approve("q1", "Kim"))).isEqualTo(Status.STOPPED);
    letPass(HOUR);
    assertStatus(actor.does(new Command.ExpireApproval("q1"))).isEqualTo(Status.STOPPED);
    assertThat(stateOf(actor)).isEqualTo(ApprovalState.State.PENDING);
  }
}

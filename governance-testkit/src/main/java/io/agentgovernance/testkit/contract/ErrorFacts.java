// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about the error budget: a limit that is reached revokes, exactly once. */
interface ErrorFacts extends CoordinationFacts {
  int ERRORS = 100;
  int REPETITIONS = 200;

  /** What 100 errors at once are, and which of them revokes. */
  enum Kind {
    DISTINCT(8),
    IDENTICAL(3),
    VIOLATION(1);

    final int limit;

    Kind(int limit) {
      this.limit = limit;
    }

    Command.RecordError error(Actor actor, int number) {
      return switch (this) {
        case DISTINCT -> actor.error("e" + number, "signature " + number);
        case IDENTICAL -> actor.error("e" + number, "timeout");
        case VIOLATION -> actor.violation("e" + number);
      };
    }
  }

  @Test
  default void aHundredDistinctErrorsAtOnceRevokeOnceAtTheEighth() {
    for (int i = 0; i < REPETITIONS; i++) {
      revokesOnce(run(), Kind.DISTINCT);
    }
  }

  @Test
  default void aHundredIdenticalErrorsAtOnceRevokeOnceAtTheThird() {
    for (int i = 0; i < REPETITIONS; i++) {
      revokesOnce(run(), Kind.IDENTICAL);
    }
  }

  @Test
  default void aHundredViolationsAtOnceRevokeOnceAtTheFirst() {
    for (int i = 0; i < REPETITIONS; i++) {
      revokesOnce(run(), Kind.VIOLATION);
    }
  }

  /** 100 errors at once: exactly one revocation, at the limit, and exactly one handoff. */
  static void revokesOnce(LiveRun run, Kind kind) {
    Actor actor = run.agent("alpha");
    List<Applied<ErrorTally>> answers = new ArrayList<>();

    List<Change> changes =
        changes(
            run.store,
            () -> answers.addAll(Together.run(ERRORS, i -> actor.does(kind.error(actor, i)))));

    List<ErrorTally> counted =
        answers.stream().filter(Applied::accepted).map(Applied::orThrow).toList();
    assertThat(counted)
        .filteredOn(ErrorTally::revoked)
        .as("revocations")
        .extracting(ErrorTally::total)
        .containsExactly(kind.limit);
    assertThat(counted).as("errors counted").hasSize(kind.limit);
    assertThat(answers)
        .filteredOn(a -> !a.accepted())
        .hasSize(ERRORS - kind.limit)
        .allMatch(a -> a.status() == Status.REVOKED);
    List<Effect> effects = changes.stream().flatMap(c -> c.effects().stream()).toList();
    assertThat(effects).filteredOn(Effect.AgentChanged.class::isInstance).hasSize(1);
    assertThat(effects).filteredOn(Effect.HandedOff.class::isInstance).hasSize(1);
    assertThat(run.store.handoffs()).hasSize(1);
    assertThat(actor.state().status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(actor.state().errors()).isEqualTo(kind.limit);
  }

  @Test
  default void aHundredReportsOfSevenErrorsCountSeven() {
    for (int i = 0; i < REPETITIONS; i++) {
      countsEachErrorOnce(run());
    }
  }

  /** 100 reports at once of 7 errors: 7 are counted, nobody is revoked. */
  static void countsEachErrorOnce(LiveRun run) {
    Actor actor = run.agent("alpha");

    List<Applied<ErrorTally>> answers =
        Together.run(ERRORS, i -> actor.does(Kind.DISTINCT.error(actor, i % 7)));

    assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(7);
    assertThat(answers).filteredOn(a -> a.status() == Status.DUP).hasSize(ERRORS - 7);
    assertThat(actor.state().errors()).isEqualTo(7);
    assertThat(actor.state().status()).isEqualTo(AgentStatus.PENDING);
    assertThat(run.store.handoffs()).isEmpty();
  }

  @Test
  default void warnsAtTheSeventhAndClarifiesAtTheFourthOfEight() {
    Actor actor = run().agent("alpha");
    List<List<Consequence>> consequences = new ArrayList<>();

    for (int i = 0; i < 8; i++) {
      ErrorTally tally = actor.ok(Kind.DISTINCT.error(actor, i)).orThrow();
      assertThat(tally.total()).isEqualTo(i + 1);
      assertThat(tally.repeats()).isZero();
      consequences.add(List.copyOf(tally.consequences()));
    }

    assertThat(consequences)
        .containsExactly(
            List.of(),
            List.of(),
            List.of(),
            List.of(Consequence.CLARIFY),
            List.of(),
            List.of(),
            List.of(Consequence.WARN),
            List.of(Consequence.REVOKE));
  }

  @Test
  default void warnsAndClarifiesAtTheFirstRepeat() {
    Actor actor = run().agent("alpha");
    actor.ok(Kind.IDENTICAL.error(actor, 1));

    ErrorTally repeat = actor.ok(Kind.IDENTICAL.error(actor, 2)).orThrow();

    assertThat(repeat.repeats()).isEqualTo(1);
    assertThat(repeat.consequences())
        .containsExactlyInAnyOrder(Consequence.WARN, Consequence.CLARIFY);
  }

  @Test
  default void aRepeatedReportLeadsToNothing() {
    Actor actor = run().agent("alpha");
    actor.ok(actor.error("e1", "timeout"));
    actor.ok(actor.error("e2", "timeout"));

    Applied<ErrorTally> again = actor.does(actor.error("e2", "timeout"));

    assertStatus(again).isEqualTo(Status.DUP);
    assertThat(again.orThrow().total()).isEqualTo(2);
    assertThat(again.orThrow().repeats()).isEqualTo(1);
    assertThat(again.orThrow().consequences()).isEmpty();
  }

  @Test
  default void eachAgentHasABudgetOfItsOwn() {
    LiveRun run = run();
    Actor strict = run.added(run.spawn("strict", new ErrorBudget(1, 5, 5), null, null));
    Actor other = run.agent("other");

    other.ok(other.error("e1", "timeout"));
    assertThat(strict.ok(strict.error("e2", "timeout")).orThrow().revoked()).isTrue();

    assertThat(strict.state().status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(strict.state().failure()).isEqualTo("it failed");
    assertThat(other.state().errors()).isEqualTo(1);
    assertThat(other.state().status()).isEqualTo(AgentStatus.PENDING);
  }

  @Test
  default void countsNoErrorAfterAStop() {
    LiveRun run = run();
    Actor actor = run.agent("alpha");
    run.stop();

    assertStatus(actor.does(actor.violation("v1"))).isEqualTo(Status.STOPPED);

    assertThat(actor.state().errors()).isZero();
    assertThat(run.store.handoffs()).isEmpty();
  }
}

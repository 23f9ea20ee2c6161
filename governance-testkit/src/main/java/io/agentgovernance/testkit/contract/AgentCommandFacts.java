// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Facts about each command of an agent: once, and only by the holder of the lease, while it may.
 */
interface AgentCommandFacts extends CoordinationFacts {

  /** Give a reservation back or keep it charged; they count whatever has become of the agent. */
  Set<String> ALWAYS_COUNT = Set.of("Estimate", "Release");

  /** Have no id of their own, so that repeating them is not answered DUP. */
  Set<String> REPEATABLE = Set.of("Heartbeat", "Progress", "Admit", "UseApproval");

  private Stream<DynamicTest> each(Consumer<PreparedCommand> fact) {
    return PreparedCommand.names().stream()
        .map(name -> dynamicTest(name, () -> fact.accept(PreparedCommand.of(name, run()))));
  }

  /** For each command: {@code spoil} what it needs, and it is refused with {@code status}. */
  private Stream<DynamicTest> eachIsRefused(Status status, UnaryOperator<PreparedCommand> spoil) {
    return each(
        prepared -> {
          if (ALWAYS_COUNT.contains(prepared.name())) {
            return;
          }
          PreparedCommand spoiled = spoil.apply(prepared);
          List<Applied<?>> answers = new ArrayList<>();

          List<Change> changes = changes(prepared.run().store, () -> answers.add(spoiled.apply()));

          assertStatus(answers.get(0)).isEqualTo(status);
          assertThat(answers.get(0).reason()).matches("[A-Z_]+");
          boolean counts = prepared.name().equals("Settle") && status != Status.CONFLICT;
          assertThat(changes).hasSize(counts ? 1 : 0);
        });
  }

  @Test
  default void everyCommandOfAnAgentIsCovered() {
    assertThat(
            Arrays.stream(Command.OfAgent.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet()))
        .isEqualTo(Set.copyOf(PreparedCommand.names()));
  }

  @TestFactory
  default Stream<DynamicTest> isAcceptedAndAnnounced() {
    return each(
        prepared -> {
          List<Applied<?>> answers = new ArrayList<>();

          List<Change> changes = changes(prepared.run().store, () -> answers.add(prepared.apply()));

          assertStatus(answers.get(0)).isEqualTo(Status.OK);
          if (prepared.name().equals("Admit")) {
            assertThat(changes).isEmpty();
          } else {
            assertThat(changes).hasSize(1);
            assertThat(changes.get(0).command()).isEqualTo(prepared.command());
            assertThat(changes.get(0).sequence()).isEqualTo(answers.get(0).sequence());
            assertThat(changes.get(0).result()).isEqualTo(answers.get(0).result());
          }
        });
  }

  @TestFactory
  default Stream<DynamicTest> isAnsweredDupTheSecondTime() {
    return each(
        prepared -> {
          Applied<?> first = prepared.apply();
          List<Applied<?>> again = new ArrayList<>();

          List<Change> changes = changes(prepared.run().store, () -> again.add(prepared.apply()));

          if (!REPEATABLE.contains(prepared.name())) {
            assertStatus(again.get(0)).isEqualTo(Status.DUP);
            assertThat(again.get(0).sequence()).isZero();
            assertThat(again.get(0).result()).hasSameClassAs(first.orThrow());
            assertThat(changes).isEmpty();
          }
        });
  }

  @TestFactory
  default Stream<DynamicTest> isDoneOnceBy16AtOnce() {
    return each(
        prepared -> {
          if (REPEATABLE.contains(prepared.name())) {
            return;
          }
          List<Applied<?>> answers = Together.run(16, i -> prepared.apply());

          assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
          assertThat(answers).filteredOn(a -> a.status() == Status.DUP).hasSize(15);
        });
  }

  @TestFactory
  default Stream<DynamicTest> isFencedIfTheLeaseIsStale() {
    return eachIsRefused(
        Status.FENCED,
        prepared -> {
          prepared.run().store.acquire(prepared.actor().id.value(), "test", LiveRun.TTL);
          return prepared;
        });
  }

  @TestFactory
  default Stream<DynamicTest> isFencedIfTheLeaseWasGivenBack() {
    return eachIsRefused(
        Status.FENCED,
        prepared -> {
          prepared.run().store.release(prepared.actor().lease);
          return prepared;
        });
  }

  @TestFactory
  default Stream<DynamicTest> isRefusedIfTheAgentIsRevoked() {
    return eachIsRefused(
        Status.REVOKED,
        prepared -> {
          prepared.actor().revoke();
          return prepared;
        });
  }

  @TestFactory
  default Stream<DynamicTest> isRefusedAfterAStop() {
    return eachIsRefused(
        Status.STOPPED,
        prepared -> {
          prepared.run().stop();
          return prepared;
        });
  }

  @TestFactory
  default Stream<DynamicTest> isRefusedAfterTheEndOfTheRun() {
    return eachIsRefused(
        Status.STOPPED,
        prepared -> {
          prepared.run().status(PipelineStatus.FAILED);
          return prepared;
        });
  }

  @TestFactory
  default Stream<DynamicTest> isRefusedAfterTheEndOfTheAgent() {
    return each(
        prepared -> {
          prepared.actor().ok(prepared.actor().status(AgentStatus.COMPLETED));

          Applied<?> answer = prepared.apply();

          if (ALWAYS_COUNT.contains(prepared.name())) {
            assertStatus(answer).isEqualTo(Status.OK);
          } else if (prepared.name().equals("Settle")) {
            assertStatus(answer).isEqualTo(Status.STOPPED);
          } else {
            assertRefused(answer, Status.CONFLICT, "AGENT_ENDED");
          }
        });
  }

  @TestFactory
  default Stream<DynamicTest> isRefusedIfThereIsNoSuchAgent() {
    return each(
        prepared -> {
          LiveRun empty = run();

          assertRefused(empty.store.apply(prepared.command()), Status.CONFLICT, "UNKNOWN_AGENT");
        });
  }

  @TestFactory
  default Stream<DynamicTest> countsWhateverHasBecomeOfTheAgent() {
    return ALWAYS_COUNT.stream()
        .map(
            name ->
                dynamicTest(
                    name,
                    () -> {
                      PreparedCommand prepared = PreparedCommand.of(name, run());
                      prepared.actor().revoke();
                      prepared.run().store.release(prepared.actor().lease);
                      prepared.run().stop();

                      assertStatus(prepared.apply()).isEqualTo(Status.OK);
                      assertThat(prepared.run().store.spend().reservedTokens()).isZero();
                    }));
  }

  @Test
  default void anAgentCanBeSetToEndedAfterAStopButNotToCompleted() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    run.stop();

    assertStatus(one.does(one.status(AgentStatus.COMPLETED))).isEqualTo(Status.STOPPED);
    assertStatus(one.does(one.status(AgentStatus.STOPPED))).isEqualTo(Status.OK);
    assertStatus(two.does(two.status(AgentStatus.TIMED_OUT))).isEqualTo(Status.OK);
    assertThat(one.state().status()).isEqualTo(AgentStatus.STOPPED);
    assertThat(two.state().status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  @Test
  default void onlyErrorsRevoke() {
    Actor actor = run().agent("alpha");

    Applied<?> answer = actor.does(actor.status(AgentStatus.REVOKED));

    assertRefused(answer, Status.CONFLICT, "ONLY_ERRORS_REVOKE");
    assertThat(actor.state().status()).isEqualTo(AgentStatus.PENDING);
  }

  @Test
  default void theFirstEndOfAnAgentStays() {
    Actor actor = run().agent("alpha");
    List<AgentStatus> ends =
        List.of(
            AgentStatus.COMPLETED, AgentStatus.FAILED, AgentStatus.TIMED_OUT, AgentStatus.STOPPED);

    List<Applied<?>> answers =
        Together.run(32, i -> actor.does(actor.status(ends.get(i % ends.size()))));

    assertThat(answers).filteredOn(a -> a.status() == Status.OK).hasSize(1);
    assertThat(answers).filteredOn(a -> a.status() == Status.DUP).hasSize(7);
    assertThat(answers).filteredOn(a -> a.reason().equals("AGENT_ENDED")).hasSize(24);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Negative controls: each fact fails for a store that does the one thing wrong it is about. */
class CoordinationFactsCatchTest {
  /** What a store does wrong: answers a call itself, or leaves it to the right store. */
  @FunctionalInterface
  private interface Fault {
    Optional<Object> instead(RunStore right, String method, Object[] arguments);
  }

  private static LiveRun faulty(SpendBudget budget, Fault fault) {
    RunStore right =
        new MemoryCoordination(TimeSource.system())
            .create(LiveRun.terms(RunId.random(), budget))
            .orElseThrow();
    RunStore wrong =
        (RunStore)
            Proxy.newProxyInstance(
                RunStore.class.getClassLoader(),
                new Class<?>[] {RunStore.class},
                (proxy, method, given) -> {
                  Object[] arguments = given == null ? new Object[0] : given;
                  Optional<Object> instead = fault.instead(right, method.getName(), arguments);
                  if (instead.isPresent()) {
                    return instead.get();
                  }
                  try {
                    return method.invoke(right, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new LiveRun(wrong);
  }

  private static LiveRun faulty(Fault fault) {
    return faulty(LiveRun.AMPLE, fault);
  }

  /** The first two that come here go on together. */
  private static void meet(CountDownLatch two) {
    two.countDown();
    Together.await(two);
  }

  @Test
  void twoRevocationsOfAStoreThatCountsErrorsWithoutAtomicity() {
    var count = new AtomicInteger();
    var two = new CountDownLatch(2);
    LiveRun run =
        faulty(
            (right, method, arguments) -> {
              if (method.equals("apply")
                  && arguments[0] instanceof Command.RecordError error
                  && count.get() < 8) {
                int before = count.getAndUpdate(n -> Math.min(n + 1, 7));
                if (before < 7) {
                  return Optional.of(right.apply(error));
                }
                meet(two); // both have read 7
                count.set(8);
                right.apply(error);
                return Optional.of(
                    Applied.ok(1, new ErrorTally(8, 0, 0, Set.of(Consequence.REVOKE))));
              }
              return Optional.empty();
            });

    assertThatThrownBy(() -> ErrorFacts.revokesOnce(run, ErrorFacts.Kind.DISTINCT))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("[revocations]");
  }

  @Test
  void anErrorThatIsCountedAgainWhenItIsReportedAgain() {
    var ids = new AtomicLong();
    LiveRun run =
        faulty(
            (right, method, arguments) ->
                method.equals("apply") && arguments[0] instanceof Command.RecordError e
                    ? Optional.of(
                        right.apply(
                            new Command.RecordError(
                                e.agent(),
                                e.fence(),
                                "id" + ids.incrementAndGet(),
                                e.signature(),
                                e.violation(),
                                e.message())))
                    : Optional.empty());

    assertThatThrownBy(() -> ErrorFacts.countsEachErrorOnce(run))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void anUpdateLostByAStoreThatComparesBeforeItSets() {
    var two = new CountDownLatch(2);
    LiveRun run =
        faulty(
            (right, method, arguments) -> {
              if (method.equals("entry")) {
                Optional<BlackboardEntry> read = right.entry((String) arguments[0]);
                if (read.isEmpty()) {
                  meet(two); // both have read that it is absent
                }
                return Optional.of(read);
              }
              return method.equals("apply") && arguments[0] instanceof Command.Write w
                  ? Optional.of(
                      right.apply(
                          new Command.Write(
                              w.agent(),
                              w.fence(),
                              w.writeId(),
                              w.key(),
                              w.value(),
                              Command.Write.ANY)))
                  : Optional.empty();
            });

    assertThatThrownBy(() -> BoardFacts.incrementTogether(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no update is lost");
  }

  @Test
  void aBudgetOverdrawnByAStoreThatChecksBeforeItReserves() {
    var overdrawn = new AtomicBoolean();
    LiveRun run =
        faulty(
            SpendBudget.perRun(Money.usd("1000"), 70_003),
            (right, method, arguments) -> {
              if (!method.equals("apply") || !(arguments[0] instanceof Command.Reserve reserve)) {
                return Optional.empty();
              }
              Applied<Spend> answer = right.apply(reserve);
              return answer.reason().equals("SPENT") && overdrawn.compareAndSet(false, true)
                  ? Optional.of(Applied.ok(1, right.spend())) // as if it had been checked before
                  : Optional.of(answer);
            });

    assertThatThrownBy(() -> SpendFacts.reserveTogether(run))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("10001");
  }

  @Test
  void usageDroppedByAStoreThatRefusesItAfterAStop() {
    LiveRun run =
        faulty(
            (right, method, arguments) ->
                method.equals("apply") && arguments[0] instanceof Command.Settle && right.stopped()
                    ? Optional.of(Applied.refused(Status.STOPPED, "STOPPED"))
                    : Optional.empty());
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 100, "1.00"));
    run.stop();

    assertThatThrownBy(() -> SpendFacts.countsLateUsage(run, actor, Status.STOPPED))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aVoteOfTheAuthor() {
    LiveRun run =
        faulty(
            (right, method, arguments) -> {
              if (!method.equals("apply") || !(arguments[0] instanceof Command.Cast cast)) {
                return Optional.empty();
              }
              Applied<Proposal> answer = right.apply(cast);
              return answer.reason().equals("AUTHOR")
                  ? Optional.of(Applied.ok(1, right.proposals().get(0)))
                  : Optional.of(answer);
            });

    assertThatThrownBy(() -> new RacingVoteFacts.Election(run).hold())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("AUTHOR");
  }

  @Test
  @SuppressWarnings("unchecked")
  void aGapInWhatIsAnnounced() {
    LiveRun run =
        faulty(
            (right, method, arguments) -> {
              if (!method.equals("follow")) {
                return Optional.empty();
              }
              var listener = (Consumer<Change>) arguments[0];
              return Optional.of(
                  right.follow(
                      change -> {
                        if (change.sequence() != 1_000) {
                          listener.accept(change);
                        }
                      }));
            });

    assertThatThrownBy(() -> FollowFacts.followTogether(run)).isInstanceOf(AssertionError.class);
  }
}

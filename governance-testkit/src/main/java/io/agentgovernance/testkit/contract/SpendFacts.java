// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Facts about spending: exact sums, never over budget. */
interface SpendFacts extends CoordinationFacts {
  int SPENDERS = 16;
  int CALLS = 2_000;

  @Test
  default void sumsExactlyUnder16Spenders() {
    LiveRun run = run();
    List<Actor> actors = new ArrayList<>();
    for (int i = 0; i < SPENDERS; i++) {
      actors.add(run.agent("spender" + i));
    }

    Together.run(
        SPENDERS,
        i -> {
          Actor actor = actors.get(i);
          for (int n = 0; n < CALLS; n++) {
            actor.ok(actor.reserve(i + "/" + n, 100, "0.01"));
            actor.ok(actor.settle(i + "/" + n, 3 + i, 5, "0.0001"));
          }
          return i;
        });

    Spend spend = run.store.spend();
    long calls = (long) SPENDERS * CALLS;
    long prompt = CALLS * (3L * SPENDERS + SPENDERS * (SPENDERS - 1) / 2);
    assertSpent(spend, calls, prompt, 5 * calls, "3.2");
    for (int i = 0; i < SPENDERS; i++) {
      assertSpent(actors.get(i).state().usage(), CALLS, (3L + i) * CALLS, 5L * CALLS, "0.2");
    }
  }

  private static void assertSpent(
      Spend spend, long calls, long prompt, long completion, String cost) {
    assertThat(spend.calls()).isEqualTo(calls);
    assertThat(spend.promptTokens()).isEqualTo(prompt);
    assertThat(spend.completionTokens()).isEqualTo(completion);
    assertThat(spend.cost()).isEqualByComparingTo(cost);
    assertThat(spend.reservedTokens()).isZero();
    assertThat(spend.reservedCost()).isZero();
    assertThat(spend.estimatedTokens()).isZero();
    assertThat(spend.estimatedCost()).isZero();
  }

  @Test
  default void neverReservesMoreTokensThanTheBudgetHas() {
    reserveTogether(LiveRun.in(coordination(), SpendBudget.perRun(Money.usd("1000"), 70_003)));
  }

  /** 16 threads reserve 7 tokens 2,000 times each: as many succeed as fit, not one more. */
  static void reserveTogether(LiveRun run) {
    Actor actor = run.agent("spender");
    long budget = run.store.terms().spend().tokens();

    List<List<Applied<Spend>>> answers =
        Together.run(
            SPENDERS,
            i -> {
              List<Applied<Spend>> mine = new ArrayList<>();
              for (int n = 0; n < CALLS; n++) {
                mine.add(actor.does(actor.reserve(i + "/" + n, 7, "0")));
              }
              return mine;
            });

    List<Applied<Spend>> all = answers.stream().flatMap(List::stream).toList();
    assertThat(all.stream().filter(Applied::accepted).count()).isEqualTo(budget / 7);
    assertThat(all.stream().filter(Applied::accepted))
        .allMatch(a -> a.orThrow().committedTokens() <= budget);
    assertThat(all.stream().filter(a -> !a.accepted()))
        .isNotEmpty()
        .allMatch(a -> a.equals(Applied.refused(Status.CONFLICT, "SPENT")));
    assertThat(run.store.spend().reservedTokens()).isEqualTo(budget / 7 * 7);
  }

  @Test
  default void neverReservesMoreMoneyThanTheBudgetHas() {
    LiveRun run = LiveRun.in(coordination(), SpendBudget.perRun(Money.usd("1.00"), 1_000_000));
    Actor actor = run.agent("spender");

    List<Applied<Spend>> answers =
        Together.run(64, i -> actor.does(actor.reserve("r" + i, 1, "0.03")));

    assertThat(answers).filteredOn(Applied::accepted).hasSize(33);
    assertThat(run.store.spend().reservedCost()).isEqualByComparingTo("0.99");
    actor.ok(actor.reserve("the rest", 1, "0.01"));
    assertRefused(actor.does(actor.reserve("more", 1, "0.01")), Status.CONFLICT, "SPENT");
  }

  @Test
  default void reservesNoAmountThatMakesNoSense() {
    LiveRun run = LiveRun.in(coordination(), SpendBudget.perRun(Money.usd("1.00"), 100));
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 50, "0.5"));

    for (Command.Reserve reserve :
        List.of(
            actor.reserve("r2", Long.MAX_VALUE, "0"),
            actor.reserve("r3", -10, "0"),
            actor.reserve("r4", 0, "-0.1"))) {
      assertRefused(actor.does(reserve), Status.CONFLICT, "SPENT");
    }
    assertThat(run.store.spend().committedTokens()).isEqualTo(50);
  }

  @Test
  default void givesAReservationBack() {
    LiveRun run = LiveRun.in(coordination(), SpendBudget.perRun(Money.usd("1.00"), 100));
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 100, "1.00"));

    Spend spend = actor.ok(actor.release("r1")).orThrow();

    assertThat(spend.committedTokens()).isZero();
    assertThat(spend.committedCost()).isZero();
    assertThat(spend.calls()).isZero();
    actor.ok(actor.reserve("r2", 100, "1.00"));
  }

  @Test
  default void keepsAnEstimateChargedUntilTheRealUsageIsKnown() {
    LiveRun run = LiveRun.in(coordination(), SpendBudget.perRun(Money.usd("1.00"), 100));
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 100, "1.00"));

    Spend estimated = actor.ok(actor.estimate("r1")).orThrow();

    assertThat(estimated.estimatedTokens()).isEqualTo(100);
    assertThat(estimated.estimatedCost()).isEqualByComparingTo("1.00");
    assertThat(estimated.reservedTokens()).isZero();
    assertThat(estimated.calls()).isZero();
    assertRefused(actor.does(actor.reserve("r2", 1, "0")), Status.CONFLICT, "SPENT");

    Spend reconciled = actor.ok(actor.settle("r1", 30, 10, "0.4")).orThrow();

    assertSpent(reconciled, 1, 30, 10, "0.4");
    assertSpent(actor.state().usage(), 1, 30, 10, "0.4");
    assertStatus(actor.does(actor.settle("r1", 30, 10, "0.4"))).isEqualTo(Status.DUP);
    actor.ok(actor.reserve("r3", 60, "0.6"));
  }

  @Test
  default void chargesACallMadeAgainBesideItsEstimate() {
    LiveRun run = run();
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 100, "1.00"));
    actor.ok(actor.estimate("r1"));

    actor.ok(actor.reserve("r1", 100, "1.00"));
    Spend spend = actor.ok(actor.settle("r1", 30, 10, "0.4")).orThrow();

    assertThat(spend.tokens()).isEqualTo(40);
    assertThat(spend.estimatedTokens()).isEqualTo(100);
    assertThat(spend.committedCost()).isEqualByComparingTo("1.4");
  }

  @Test
  default void countsUsageThatComesTooLateAndSaysSo() {
    countsUsage(Status.STOPPED, actor -> assertStatus(actor.run.stop()).isEqualTo(Status.OK));
    countsUsage(Status.REVOKED, Actor::revoke);
    countsUsage(Status.FENCED, actor -> actor.run.store.release(actor.lease));
  }

  private void countsUsage(Status expected, Consumer<Actor> spoil) {
    LiveRun run = run();
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 100, "1.00"));
    spoil.accept(actor);

    countsLateUsage(run, actor, expected);
  }

  /** Settles once and again: the status refuses the reply, the sum has its usage, once. */
  static void countsLateUsage(LiveRun run, Actor actor, Status expected) {
    Applied<Spend> late = actor.does(actor.settle("r1", 30, 10, "0.4"));
    Applied<Spend> again = actor.does(actor.settle("r1", 30, 10, "0.4"));

    assertStatus(late).isEqualTo(expected);
    assertThat(late.accepted()).isFalse();
    assertThat(late.sequence()).as("it is a change").isPositive();
    assertThat(late.value()).contains(run.store.spend());
    assertStatus(again).isEqualTo(expected);
    assertThat(again.sequence()).isZero();
    assertSpent(run.store.spend(), 1, 30, 10, "0.4");
  }

  @Test
  default void settlesAboveTheReservationExactly() {
    LiveRun run = run();
    Actor actor = run.agent("spender");
    actor.ok(actor.reserve("r1", 10, "0.1"));

    actor.ok(actor.settle("r1", 30, 10, "0.123456789"));

    assertThat(run.store.spend().tokens()).isEqualTo(40);
    assertThat(run.store.spend().committedCost())
        .isEqualByComparingTo(new BigDecimal("0.123456789"));
  }

  @Test
  default void admitsWhileTheAgentMayAct() {
    LiveRun run = run();
    Actor actor = run.agent("one");

    assertStatus(actor.does(actor.admit())).isEqualTo(Status.OK);
    run.stop();
    assertStatus(actor.does(actor.admit())).isEqualTo(Status.STOPPED);
  }
}

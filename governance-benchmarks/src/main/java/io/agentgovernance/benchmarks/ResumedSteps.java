// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.benchmarks.GovernedSteps.Count;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long after {@code resume} a run of 1,000 steps does its next step, and how many of the
 * finished ones it does again. The run is left by closing its orchestrator in the middle; stores
 * are opened anew.
 */
final class ResumedSteps {

  private static final int STEPS = 1_000;
  private static final int TIMES = 9;
  private static final String ADD = "add";

  private final RunId run;
  private final Path folder;
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicLong live = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile boolean resumed;

  private ResumedSteps(Path folder, int time) {
    this.folder = folder;
    this.run = new RunId("resumed-" + time);
  }

  /** Leaves and resumes a few runs, and says in one line what was seen. */
  static String measure(Path folder) throws Exception {
    var micros = new long[TIMES];
    var repeated = 0;
    for (var time = 0; time < TIMES; time++) {
      var steps = new ResumedSteps(folder, time);
      steps.leave();
      micros[time] = steps.resume();
      repeated += steps.repeated.get();
    }
    var first = micros[0];
    Arrays.sort(micros);
    return String.format(
        Locale.ROOT,
        "resume of a run of %,d steps: from resume to the next step %.1f ms the first time, median"
            + " %.1f ms, longest %.1f ms of %d; finished steps done again: %d",
        STEPS,
        first / 1e3,
        micros[TIMES / 2] / 1e3,
        micros[TIMES - 1] / 1e3,
        TIMES,
        repeated);
  }

  private void leave() throws InterruptedException {
    try (var ledger = GovernedStores.ledger(folder);
        var checkpoints = GovernedStores.checkpoints(folder);
        var orchestrator =
            GovernedSteps.builder(ledger, checkpoints, 1).tools(add()).team(team()).build()) {
      var unused = orchestrator.start(RunRequest.of("add").id(run));
      done.await();
    }
  }

  private long resume() throws InterruptedException {
    resumed = true;
    try (var ledger = GovernedStores.ledger(folder);
        var checkpoints = GovernedStores.checkpoints(folder);
        var orchestrator =
            GovernedSteps.builder(ledger, checkpoints, 1).tools(add()).team(team()).build()) {
      var start = System.nanoTime();
      var result = orchestrator.resume(ResumeRequest.of(run)).await();
      if (live.get() == 0) {
        throw new IllegalStateException("expected one more step but found " + result.outcome());
      }
      return (live.get() - start) / 1_000;
    }
  }

  private Tool add() {
    return Tool.of(ADD, Count.class, Count.class, (in, call) -> add(in))
        .effect(Effect.IDEMPOTENT)
        .requires(TrustTier.T1);
  }

  private Count add(Count in) {
    if (resumed && in.value() < STEPS) {
      repeated.incrementAndGet();
    } else if (resumed) {
      live.set(System.nanoTime());
    }
    return new Count(in.value() + 1);
  }

  private Team team() {
    return Team.of(
        DecisionRule.by("worker"),
        Agent.of("worker", Count.class, this::execute).tier(TrustTier.T1).tools(ADD));
  }

  private Count execute(AgentContext context) throws InterruptedException {
    var number = new Count(0);
    for (var i = 0; i < STEPS; i++) {
      number = context.tools().call(ADD, number, Count.class);
    }
    if (!resumed) {
      done.countDown();
      never.await(); // until the orchestrator is closed
    }
    return context.tools().call(ADD, number, Count.class);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Agent Governance for Java with its defaults: ledger and checkpoints in memory, but where a run is
 * resumed. A run that fails gives a result too, so what its agents produced is read from there.
 */
public final class GovernanceBehaviour implements Behaviour {

  private static final String TOPIC = "bees";
  private static final int WARM_UPS = 2_000;

  /** Creates the probe. */
  public GovernanceBehaviour() {}

  @Override
  public String name() {
    return LibraryJar.of(Orchestrator.class).name();
  }

  @Override
  public void warmUp() throws Exception {
    runner(
        StubModel.immediate(),
        orchestrator -> {
          var result = orchestrator.run(TOPIC);
          for (var i = 0; i < WARM_UPS; i++) {
            result = orchestrator.run(RunRequest.of(TOPIC).team(drafting()));
          }
          return result;
        });
  }

  @Override
  public Cell oneAgentFails() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, SLOW);
    return runner(
        model,
        orchestrator -> {
          var attempt = Attempt.of(() -> orchestrator.run(RunRequest.of(TOPIC).team(drafting())));
          model.awaitQuiet();
          return new Cell.OneAgentFails(
              attempt.millis(),
              attempt.errorName(),
              kept(attempt, Role.BETA, AgentPhase.EXECUTE),
              kept(attempt, Role.ALPHA, AgentPhase.PLAN),
              model.answeredAfter(attempt.endNanos()));
        });
  }

  @Override
  public Cell callerGivesUp() throws Exception {
    var model = new ProbeModel().answers(Role.ALPHA, SLOW).answers(Role.BETA, SLOW);
    return runner(
        model,
        orchestrator -> {
          var run = new CompletableFuture<Orchestration>();
          return Attempt.givenUp(
              "stops the run, interrupts its thread",
              model,
              () -> {
                run.complete(orchestrator.start(RunRequest.of(TOPIC)));
                return run.join().await();
              },
              () -> run.join().stop("the caller gave up"));
        });
  }

  @Override
  public Cell resultsKept() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, Duration.ZERO);
    return runner(
        model,
        orchestrator -> {
          var attempt = Attempt.of(() -> orchestrator.run(TOPIC));
          model.awaitQuiet();
          return new Cell.ResultsKept(kept(attempt, Role.BETA, AgentPhase.EXECUTE));
        });
  }

  /**
   * A run whose agent failed has ended, so resuming it gives its result again; what resuming is for
   * is a run that was left in the middle, so that is tried too.
   */
  @Override
  public Cell resume() throws Exception {
    return new Cell.EndedOrLeft(ended(), left());
  }

  private static Cell.Resumed ended() throws Exception {
    var model =
        new ProbeModel().failsTimes(Role.ALPHA, FAILS_AFTER, 1).answers(Role.BETA, Duration.ZERO);
    return durably(
        folder -> {
          var first = GovernedStores.in(folder, model, orchestrator -> orchestrator.run(TOPIC));
          model.awaitQuiet();
          return resumed(folder, model, first.run());
        });
  }

  private static Cell.Resumed left() throws Exception {
    var model = new ProbeModel().answers(Role.ALPHA, SLOW).answers(Role.BETA, Duration.ZERO);
    return durably(
        folder -> {
          var run =
              GovernedStores.in(
                  folder,
                  model,
                  orchestrator -> {
                    var started = orchestrator.start(RunRequest.of(TOPIC));
                    TimeUnit.NANOSECONDS.sleep(GIVES_UP_AFTER.toNanos());
                    return started.id();
                  });
          model.awaitQuiet();
          model.answers(Role.ALPHA, Duration.ZERO);
          return resumed(folder, model, run);
        });
  }

  /** Resumes a run with stores opened anew. */
  private static Cell.Resumed resumed(Path folder, ProbeModel model, RunId run) throws Exception {
    var again =
        Attempt.of(
            () ->
                GovernedStores.in(folder, model, orchestrator -> orchestrator.resume(run).await()));
    model.awaitQuiet();
    var alpha = kept(again, Role.ALPHA, AgentPhase.EXECUTE) == Cell.Kept.RETURNED;
    var beta = kept(again, Role.BETA, AgentPhase.EXECUTE) == Cell.Kept.RETURNED;
    var outcome =
        again.error() != null
            ? again.outcome()
            : "returns " + (alpha && beta ? "both results" : beta ? "BETA's result" : "no result");
    return new Cell.Resumed(model.calls().size(), model.calls(Role.BETA) - 1, outcome);
  }

  private static <T> T durably(InFolder<T> scenario) throws Exception {
    var folder = Files.createTempDirectory("behaviour");
    try {
      return scenario.in(folder);
    } finally {
      GovernedStores.remove(folder);
    }
  }

  private interface InFolder<T> {
    T in(Path folder) throws Exception;
  }

  @Override
  public Cell tokenSum() throws Exception {
    var counted = new LongAdder();
    var pool = AgentPool.create(3 * THREADS);
    var callers = AgentPool.create(THREADS);
    try (var orchestrator =
        GovernedPair.builder(StubModel.immediate(), pool, 3 * THREADS).build()) {
      var tasks = new ArrayList<Callable<Void>>();
      for (var thread = 0; thread < THREADS; thread++) {
        tasks.add(
            () -> {
              for (var call = 0; call < CALLS_PER_THREAD; call += Role.values().length) {
                counted.add(orchestrator.run(TOPIC).usage().tokens());
              }
              return null;
            });
      }
      for (var done : callers.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      callers.shutdownNow();
      pool.shutdownNow();
    }
    var perCall = StubModel.PROMPT_TOKENS + StubModel.COMPLETION_TOKENS;
    return new Cell.TokenSum((long) THREADS * CALLS_PER_THREAD * perCall, counted.sum());
  }

  /** There is no handler to say retry; the agent itself does, as often as it is let. */
  @Override
  public Cell retryForEver() throws Exception {
    var model = new ProbeModel().failsTimes(Role.ALPHA, Duration.ZERO, RETRY_BOUND);
    var stubborn =
        Team.of(
            DecisionRule.collect(),
            Agent.of(Role.ALPHA.name(), GovernanceBehaviour::untilItWorks),
            GovernedPair.beta());
    return runner(
        model,
        orchestrator -> {
          var attempt = Attempt.of(() -> orchestrator.run(RunRequest.of(TOPIC).team(stubborn)));
          model.awaitQuiet();
          var outcome =
              result(attempt)
                  .flatMap(result -> result.agent(Role.ALPHA.name()))
                  .map(alpha -> "returns, ALPHA is " + alpha.status())
                  .orElseGet(attempt::outcome);
          return new Cell.RetryForEver(model.calls(Role.ALPHA), outcome);
        });
  }

  private static String untilItWorks(AgentContext agent) {
    while (true) {
      try {
        return agent.model().ask(Prompt.user("Research " + agent.objective())).text();
      } catch (ModelException | RepeatedCallException retried) {
        // the error handler that always says retry
      }
    }
  }

  /** ALPHA's draft is what its PLAN phase produces; it stays when EXECUTE fails. */
  private static Team drafting() {
    return Team.of(
        DecisionRule.collect(),
        GovernedPair.alpha().on(AgentPhase.PLAN, agent -> "a draft"),
        GovernedPair.beta());
  }

  private static Optional<OrchestrationResult> result(Attempt attempt) {
    return Optional.ofNullable((OrchestrationResult) attempt.result());
  }

  private static Cell.Kept kept(Attempt attempt, Role role, AgentPhase phase) {
    return result(attempt)
            .flatMap(result -> result.agent(role.name()))
            .flatMap(agent -> agent.output(phase))
            .map(Payload::text)
            .filter(text -> text.equals(role.name()) || text.equals("a draft"))
            .isPresent()
        ? Cell.Kept.RETURNED
        : Cell.Kept.LOST;
  }

  private static <T> T runner(StubModel model, Scenario<T> scenario) throws Exception {
    ExecutorService pool = AgentPool.create(AgentPool.THREADS);
    try (var orchestrator = GovernedPair.builder(model, pool, AgentPool.THREADS).build()) {
      return scenario.on(orchestrator);
    } finally {
      pool.shutdownNow();
    }
  }

  private interface Scenario<T> {
    T on(Orchestrator orchestrator) throws Exception;
  }
}

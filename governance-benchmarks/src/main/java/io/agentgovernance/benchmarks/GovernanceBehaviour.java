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
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Agent Governance for Java with its defaults: ledger and checkpoints in memory. A run that fails
 * gives a result too, so what its agents produced is read from there.
 */
public final class GovernanceBehaviour implements Behaviour {

  private static final String TOPIC = "bees";
  private static final int WARM_UPS = 2_000;
  private static final List<String> RESUMING = List.of("Resume", "Recover");

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

  /** Looks for a way to resume among the types of the library and the methods of its entry. */
  @Override
  public Cell resume() {
    var words = RESUMING.toArray(String[]::new);
    var types = LibraryJar.of(Orchestrator.class).typesNamed(words).stream();
    var methods =
        Arrays.stream(Orchestrator.class.getMethods())
            .map(Method::getName)
            .filter(name -> RESUMING.stream().anyMatch(word -> has(name, word)))
            .map(name -> Orchestrator.class.getSimpleName() + "." + name);
    return new Cell.NotOffered(RESUMING, Stream.concat(types, methods).toList());
  }

  private static boolean has(String name, String word) {
    return name.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
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

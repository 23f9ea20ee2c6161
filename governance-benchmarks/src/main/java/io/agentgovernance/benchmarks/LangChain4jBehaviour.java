// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import dev.langchain4j.agentic.observability.AgentInvocation;
import dev.langchain4j.agentic.observability.AgentMonitor;
import dev.langchain4j.agentic.scope.AgenticScopeKey;
import dev.langchain4j.agentic.scope.AgenticScopePersister;
import dev.langchain4j.agentic.scope.AgenticScopeSerializer;
import dev.langchain4j.agentic.scope.AgenticScopeStore;
import dev.langchain4j.agentic.scope.DefaultAgenticScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/**
 * LangChain4j's parallel workflow. Where state matters the run has a memory id and a store, which
 * is what makes the library keep the agents' results beyond the call.
 */
public final class LangChain4jBehaviour implements Behaviour {

  private static final String RUN = "run";
  private static final String TOPIC = "bees";
  private static final int WARM_UPS = 2_000;

  /** Creates the probe. */
  public LangChain4jBehaviour() {}

  @Override
  public String name() {
    return LibraryJar.of(AgenticServices.class).name();
  }

  @Override
  public void warmUp() throws Exception {
    persistently(
        pool -> {
          var plain = new LangChain4jParallel(StubModel.immediate(), pool);
          var stored = pair(StubModel.immediate(), pool);
          for (var i = 0; i < WARM_UPS; i++) {
            plain.run(TOPIC);
            stored.run("warm-up " + i, TOPIC);
          }
          return plain;
        });
  }

  @Override
  public Cell oneAgentFails() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, SLOW);
    return persistently(
        pool -> {
          var pair = pair(model, pool);
          var attempt = Attempt.of(() -> pair.run(RUN, TOPIC));
          model.awaitQuiet();
          return new Cell.OneAgentFails(
              attempt.millis(),
              attempt.errorName(),
              kept(model, pool, LangChain4jAgents.SYNTHESIS),
              kept(model, pool, LangChain4jAgents.PARTIAL),
              model.answeredAfter(attempt.endNanos()));
        });
  }

  @Override
  public Cell callerGivesUp() throws Exception {
    var model = new ProbeModel().answers(Role.ALPHA, SLOW).answers(Role.BETA, SLOW);
    return onPool(
        pool -> {
          var both = new LangChain4jParallel(model, pool);
          return Attempt.givenUp("interrupts its thread", model, () -> both.run(TOPIC), () -> {});
        });
  }

  @Override
  public Cell resultsKept() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, Duration.ZERO);
    return persistently(
        pool -> {
          var pair = pair(model, pool);
          var attempt = Attempt.of(() -> pair.run(RUN, TOPIC));
          model.awaitQuiet();
          return new Cell.ResultsKept(
              attempt.error() == null
                  ? Cell.Kept.RETURNED
                  : kept(model, pool, LangChain4jAgents.SYNTHESIS));
        });
  }

  @Override
  public Cell resume() throws Exception {
    var model =
        new ProbeModel().failsTimes(Role.ALPHA, FAILS_AFTER, 1).answers(Role.BETA, Duration.ZERO);
    return persistently(
        pool -> {
          Attempt.of(() -> pair(model, pool).run(RUN, TOPIC));
          model.awaitQuiet();
          var again = Attempt.of(() -> pair(model, pool).run(RUN, TOPIC));
          model.awaitQuiet();
          return new Cell.Resumed(
              model.calls().size(), model.calls(Role.BETA) - 1, again.outcomeOfBoth());
        });
  }

  @Override
  public Cell tokenSum() throws Exception {
    var monitor = new AgentMonitor();
    var pool = AgentPool.create(THREADS);
    var callers = AgentPool.create(THREADS);
    try {
      var both =
          AgenticServices.parallelBuilder()
              .subAgents(
                  LangChain4jAgents.alpha(StubModel.immediate()),
                  LangChain4jAgents.beta(StubModel.immediate()))
              .executor(pool)
              .output(LangChain4jAgents::join)
              .listener(monitor)
              .build();
      var tasks = new ArrayList<Callable<Void>>();
      for (var thread = 0; thread < THREADS; thread++) {
        tasks.add(
            () -> {
              for (var call = 0; call < CALLS_PER_THREAD; call += Role.values().length) {
                both.invoke(Map.of(LangChain4jAgents.TOPIC, TOPIC));
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
    var counted =
        monitor.successfulExecutions().stream()
            .mapToLong(execution -> tokens(execution.topLevelInvocations()))
            .sum();
    var perCall = StubModel.PROMPT_TOKENS + StubModel.COMPLETION_TOKENS;
    return new Cell.TokenSum((long) THREADS * CALLS_PER_THREAD * perCall, counted);
  }

  @Override
  public Cell retryForEver() throws Exception {
    var model = new ProbeModel().failsTimes(Role.ALPHA, Duration.ZERO, RETRY_BOUND);
    return onPool(
        pool -> {
          var both =
              AgenticServices.parallelBuilder()
                  .subAgents(LangChain4jAgents.alpha(model), LangChain4jAgents.beta(model))
                  .executor(pool)
                  .errorHandler(context -> ErrorRecoveryResult.retry())
                  .output(LangChain4jAgents::join)
                  .build();
          var attempt = Attempt.of(() -> both.invoke(Map.of(LangChain4jAgents.TOPIC, TOPIC)));
          model.awaitQuiet();
          return new Cell.RetryForEver(model.calls(Role.ALPHA), attempt.outcome());
        });
  }

  private static long tokens(AgentInvocation invocation) {
    return invocation.totalTokenCount()
        + invocation.nestedInvocations().stream().mapToLong(LangChain4jBehaviour::tokens).sum();
  }

  /**
   * A new workflow, as a new process would build it: it knows of earlier runs only what the store
   * has.
   */
  private static LangChain4jAgents.Pair pair(StubModel model, ExecutorService pool) {
    return AgenticServices.parallelBuilder(LangChain4jAgents.Pair.class)
        .subAgents(new LangChain4jAgents.DraftingAlpha(model), LangChain4jAgents.beta(model))
        .executor(pool)
        .output(LangChain4jAgents::join)
        .build();
  }

  private static Cell.Kept kept(StubModel model, ExecutorService pool, String key) {
    return Optional.ofNullable(pair(model, pool).getAgenticScope(RUN))
            .filter(scope -> scope.hasState(key))
            .isPresent()
        ? Cell.Kept.STORED
        : Cell.Kept.LOST;
  }

  private static <T> T onPool(Scenario<T> scenario) throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      return scenario.on(pool);
    } finally {
      pool.shutdownNow();
    }
  }

  /** The library's store is one per process, so that it is set for the scenario only. */
  private static <T> T persistently(Scenario<T> scenario) throws Exception {
    AgenticScopePersister.setStore(new Store());
    try {
      return onPool(scenario);
    } finally {
      AgenticScopePersister.setStore(null);
    }
  }

  private interface Scenario<T> {
    T on(ExecutorService pool) throws Exception;
  }

  /** Keeps each scope as the library's own JSON. */
  private static final class Store implements AgenticScopeStore {

    private final Map<AgenticScopeKey, String> scopes = new ConcurrentHashMap<>();

    @Override
    public boolean save(AgenticScopeKey key, DefaultAgenticScope scope) {
      scopes.put(key, AgenticScopeSerializer.toJson(scope));
      return true;
    }

    @Override
    public Optional<DefaultAgenticScope> load(AgenticScopeKey key) {
      return Optional.ofNullable(scopes.get(key)).map(AgenticScopeSerializer::fromJson);
    }

    @Override
    public boolean delete(AgenticScopeKey key) {
      return scopes.remove(key) != null;
    }

    @Override
    public Set<AgenticScopeKey> getAllKeys() {
      return Set.copyOf(scopes.keySet());
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.Subscription;
import io.agentgovernance.health.Component;
import io.agentgovernance.internal.calls.Breaker;
import io.agentgovernance.internal.calls.GrantPolicy;
import io.agentgovernance.internal.calls.KnownKindPolicy;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.internal.calls.PolicyChain;
import io.agentgovernance.internal.calls.RetryPolicy;
import io.agentgovernance.internal.calls.TierPolicy;
import io.agentgovernance.internal.concurrent.AgentThreads;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.internal.concurrent.MdcPropagator;
import io.agentgovernance.internal.events.EventThreads;
import io.agentgovernance.internal.health.HealthBook;
import io.agentgovernance.internal.health.WatchedCheckpoints;
import io.agentgovernance.internal.health.WatchedCoordination;
import io.agentgovernance.internal.health.WatchedLedger;
import io.agentgovernance.internal.health.WatchedSecrets;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.internal.providers.ProviderUri;
import io.agentgovernance.internal.providers.Providers;
import io.agentgovernance.internal.run.ComplexityScore;
import io.agentgovernance.internal.run.Grants;
import io.agentgovernance.internal.run.HealthNotes;
import io.agentgovernance.internal.run.Leases;
import io.agentgovernance.internal.run.LiveRuns;
import io.agentgovernance.internal.run.RunStarter;
import io.agentgovernance.internal.run.Services;
import io.agentgovernance.internal.run.Tuning;
import io.agentgovernance.internal.secrets.CleanCoordination;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.internal.secrets.CredentialDesk;
import io.agentgovernance.internal.secrets.Lent;
import io.agentgovernance.internal.secrets.LogText;
import io.agentgovernance.internal.secrets.SecretDesk;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts an orchestrator together. An instance is used once, by one thread. Every problem is
 * collected; if there is one, what was opened is closed again.
 */
final class Assembly {
  private static final Log log = Log.of(Assembly.class);
  private static final Duration STOP_CONFIRMATION = Duration.ofSeconds(5);
  private static final Duration LEDGER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration QUEUE_TIMEOUT = Duration.ofMinutes(10);

  /** A run there is not, asked for to see whether a store works. */
  private static final RunId PROBE = RunId.of("health-probe");

  private final OrchestratorBuilder from;
  private final ClassLoader loader;
  private final List<BadInputException> problems = new ArrayList<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final Redactor redactor;
  private final Cleaner cleaner;
  private final EventThreads eventThreads = new EventThreads();
  private final ControlThreads control;
  private final HealthBook health;
  private final ProviderContext context;

  private Assembly(OrchestratorBuilder from) {
    this.from = from;
    this.loader = loader(from);
    this.redactor = from.redactor.get();
    this.cleaner = new Cleaner(redactor);
    this.control = new ControlThreads(from.time);
    this.health = new HealthBook(from.time, control, eventThreads);
    this.context = context();
  }

  private static ClassLoader loader(OrchestratorBuilder from) {
    ClassLoader chosen = from.classLoader;
    if (chosen == null) {
      chosen = Thread.currentThread().getContextClassLoader();
    }
    return chosen == null ? Assembly.class.getClassLoader() : chosen;
  }

  static Orchestrator assemble(OrchestratorBuilder builder) {
    Assembly assembly = new Assembly(builder);
    boolean done = false;
    try {
      Orchestrator made = assembly.make();
      done = true;
      return made;
    } finally {
      if (!done) {
        close(assembly.opened);
      }
    }
  }

  private Orchestrator make() {
    Coordination coordination =
        choose(
            "blackboard",
            from.blackboard,
            uri -> Providers.coordinations(loader).open(uri, context));
    CheckpointStore checkpoints =
        choose(
            "checkpoints",
            from.checkpoints,
            uri -> Providers.checkpointStores(loader).open(uri, context));
    AuditLedger ledger =
        choose("ledger", from.ledger, uri -> Providers.ledgers(loader).open(uri, context));
    List<ModelRoute> routes = routes();
    if (ledger != null) {
      durable("ledger", ledger.durability());
    }
    if (checkpoints != null) {
      durable("checkpoints", checkpoints.durability());
    }
    if (coordination == null || checkpoints == null || ledger == null || !problems.isEmpty()) {
      throw together();
    }
    return orchestrator(new CleanCoordination(coordination, cleaner), checkpoints, ledger, routes);
  }

  private Orchestrator orchestrator(
      Coordination coordination,
      CheckpointStore checkpoints,
      AuditLedger ledger,
      List<ModelRoute> routes) {
    TimeSource time = from.time;
    ContextPropagator propagator = from.propagator;
    AgentThreads threads =
        new AgentThreads(
            from.workers,
            time,
            propagator == null ? new MdcPropagator() : propagator,
            new AgentThreads.Limits(
                from.maxQueuedRuns, AgentThreads.Limits.of(from.workers).maxAbandoned()));
    LiveRuns runs = new LiveRuns(from.retainedRuns);
    Subscription unused = health.subscribe(new HealthNotes(runs)); // for as long as it lives
    routes.forEach(
        route ->
            route
                .breaker()
                .onTransition(
                    (before, after, generation) -> {
                      health.routes(open(routes), routes.size());
                      runs.announce(route.uri(), before.name(), after.name());
                    }));
    CredentialDesk credentials =
        new CredentialDesk(
            context.secrets().orElseThrow(), from.tierCredentials, redactor, eventThreads);
    List<EventListener> listeners = new ArrayList<>(from.listeners);
    if (credentials.listens()) {
      listeners.add(0, credentials);
    }
    Grants grants = new Grants(runs);
    PolicyChain policies =
        new PolicyChain(
            List.of(new KnownKindPolicy(), new TierPolicy(), new GrantPolicy(grants)),
            from.policies,
            from.policyTimeout,
            time);
    Services services =
        new Services(
            from.tenant,
            time,
            watched(coordination),
            watched(checkpoints),
            watched(ledger),
            routes.isEmpty() ? null : router(routes, time),
            from.tools,
            policies,
            from.bus,
            threads,
            eventThreads,
            control,
            new Leases(time, control, coordination),
            health,
            from.successors,
            from.approver,
            runs,
            tuning(),
            listeners,
            cleaner,
            credentials);
    RunStarter starter =
        new RunStarter(
            services,
            from.team == null ? StandardTeam.of() : from.team,
            from.spend,
            from.mediation,
            from.complexity == null ? new ComplexityScore() : from.complexity,
            from.settings.digest(),
            runs);
    return new MultiAgentOrchestrator(services, starter, runs, describe(routes), opened);
  }

  /** Closed before the models it asks. */
  private ModelRouter router(List<ModelRoute> routes, TimeSource time) {
    ModelRouter router = new ModelRouter(routes, RetryPolicy.of(new SplittableRandom()), time);
    opened.push(router);
    return router;
  }

  private static int open(List<ModelRoute> routes) {
    return (int)
        routes.stream().filter(route -> route.breaker().state() != Breaker.State.CLOSED).count();
  }

  // What is in memory does not fail, and costs nothing to watch if it is not.

  private Coordination watched(Coordination coordination) {
    if (coordination instanceof MemoryCoordination) {
      return coordination;
    }
    Coordination watched = new WatchedCoordination(coordination, health);
    health.probe(
        Component.COORDINATION,
        () -> {
          Optional<RunStore> unused = watched.attach(PROBE);
        });
    return watched;
  }

  private CheckpointStore watched(CheckpointStore checkpoints) {
    if (checkpoints instanceof MemoryCheckpointStore) {
      return checkpoints;
    }
    CheckpointStore watched = new WatchedCheckpoints(checkpoints, health);
    health.probe(
        Component.CHECKPOINTS,
        () -> {
          long unused = watched.epoch(PROBE);
        });
    return watched;
  }

  private AuditLedger watched(AuditLedger ledger) {
    return ledger instanceof MemoryLedger ? ledger : new WatchedLedger(ledger, health);
  }

  private Tuning tuning() {
    Settings settings = from.settings;
    return new Tuning(
        from.timeout == null ? settings.orchestrationTimeout() : from.timeout,
        settings.gammaStuckThreshold(),
        settings.gammaConflictThreshold(),
        settings.gammaComplexityThreshold(),
        from.stopGrace,
        STOP_CONFIRMATION,
        LEDGER_TIMEOUT,
        QUEUE_TIMEOUT,
        from.retainedRuns);
  }

  private String describe(List<ModelRoute> routes) {
    StringBuilder text = new StringBuilder(from.settings.describe().stripTrailing());
    text.append("\nmodels = ").append(routes.stream().map(ModelRoute::uri).toList());
    text.append("\nblackboard = ").append(shown(from.blackboard));
    text.append("\ncheckpoints = ").append(shown(from.checkpoints));
    text.append("\nledger = ").append(shown(from.ledger));
    text.append("\nworkers = ").append(from.workers);
    text.append("\nspend = ").append(from.spend.cost()).append(", ").append(from.spend.tokens());
    text.append(" tokens");
    return text.append('\n').toString();
  }

  private static String shown(OrchestratorBuilder.Choice<?> choice) {
    String uri = choice.uri();
    Object instance = choice.instance();
    if (uri != null) {
      return ProviderUri.parse("uri", uri).safe();
    }
    return instance == null ? "none" : instance.getClass().getSimpleName();
  }

  private <T extends AutoCloseable> @Nullable T choose(
      String where, OrchestratorBuilder.Choice<T> choice, Function<ProviderUri, T> open) {
    T given = choice.instance();
    if (given != null) {
      return given;
    }
    return open(where, String.valueOf(choice.uri()), open);
  }

  private <T extends AutoCloseable> @Nullable T open(
      String where, String uri, Function<ProviderUri, T> open) {
    try {
      T made = open.apply(ProviderUri.parse(where, uri));
      opened.push(made);
      return made;
    } catch (BadInputException e) {
      problems.add(cleaner.badInput(e));
      log.debug("{} could not be opened", where, e);
      return null;
    } catch (GovernanceException e) {
      throw cleaner.exception(e);
    }
  }

  private List<ModelRoute> routes() {
    List<OrchestratorBuilder.ModelChoice> choices = new ArrayList<>(from.models);
    if (choices.isEmpty()) {
      from.settings
          .openRouterModel()
          .ifPresent(
              name -> choices.add(new OrchestratorBuilder.ModelChoice("openrouter:" + name, null)));
    }
    List<ModelRoute> routes = new ArrayList<>();
    for (OrchestratorBuilder.ModelChoice choice : choices) {
      ChatModel model = choice.instance();
      String id = choice.name();
      if (model == null) {
        model = open("model", choice.name(), uri -> Providers.models(loader).open(uri, context));
        id = choice.name().substring(choice.name().indexOf(':') + 1);
      }
      if (model != null) {
        routes.add(
            new ModelRoute(
                choice.name(),
                id.isBlank() ? choice.name() : id,
                model,
                new Breaker(choice.name(), from.time),
                from.callTimeout));
      }
    }
    return routes;
  }

  private void durable(String where, Durability found) {
    if (!found.atLeast(from.required)) {
      problems.add(
          new BadInputException(
              "OrchestratorBuilder.require(" + from.required + ")",
              "a " + where + " that is " + found,
              "one that is at least " + from.required,
              "Use a durable one, such as sqlite:<path> of io.agentgovernance:governance-ledger; a"
                  + " Redis server is durable with appendonly yes and appendfsync always."));
    }
  }

  private BadInputException together() {
    if (problems.size() == 1) {
      return problems.get(0);
    }
    StringBuilder found = new StringBuilder();
    for (BadInputException problem : problems) {
      found.append("\n  - ").append(problem.getMessage());
    }
    BadInputException all =
        new BadInputException(
            "OrchestratorBuilder.build",
            problems.size() + " problems:" + found,
            "none",
            "Correct each of them.");
    problems.forEach(all::addSuppressed);
    return all;
  }

  private ProviderContext context() {
    Map<String, String> settings = Map.copyOf(from.providerSettings);
    Lent lent = new Lent(from.time, loader, Optional.empty(), settings, redactor);
    SecretDesk secrets =
        new SecretDesk(
            from.secrets, Providers.secretSources(loader), lent, from.secretTtl, redactor);
    LogText.open(redactor);
    opened.push(() -> LogText.close(redactor));
    opened.push(secrets);
    return new Lent(
        from.time, loader, Optional.of(new WatchedSecrets(secrets, health)), settings, redactor);
  }

  /** Closes in the opposite order of opening; what fails is logged. */
  static void close(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        next.close();
      } catch (Exception e) {
        log.warn("closing {} failed", next.getClass().getName(), e);
      }
    }
  }
}

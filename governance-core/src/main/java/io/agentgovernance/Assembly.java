// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.event.EventListener;
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
import io.agentgovernance.internal.health.WatchedSecrets;
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
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Puts an orchestrator together. An instance is used once, by one thread. Every problem is
 * collected; if there is one, what was opened is closed again.
 */
final class Assembly {
  private static final Log log = Log.of(Assembly.class);
  private static final Duration STOP_CONFIRMATION = Duration.ofSeconds(5);
  private static final Duration LEDGER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration QUEUE_TIMEOUT = Duration.ofMinutes(10);

  private final Parts from;
  private final ClassLoader loader;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final Redactor redactor;
  private final Cleaner cleaner;
  private final EventThreads eventThreads = new EventThreads();
  private final ControlThreads control;
  private final HealthBook health;
  private final ProviderContext context;

  private Assembly(Parts from) {
    this.from = from;
    this.loader = loader(from);
    this.redactor = from.redactor.get();
    this.cleaner = new Cleaner(redactor);
    this.control = new ControlThreads(from.time);
    this.health = new HealthBook(from.time, control, eventThreads);
    this.context = context();
  }

  private static ClassLoader loader(Parts from) {
    ClassLoader chosen = from.classLoader;
    if (chosen == null) {
      chosen = Thread.currentThread().getContextClassLoader();
    }
    return chosen == null ? Assembly.class.getClassLoader() : chosen;
  }

  static Orchestrator assemble(Parts parts) {
    Assembly assembly = new Assembly(parts);
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
    Opening opening = new Opening(from, loader, context, cleaner, opened);
    Coordination coordination = opening.coordination();
    CheckpointStore checkpoints = opening.checkpoints();
    AuditLedger ledger = opening.ledger();
    List<ModelRoute> routes = opening.routes();
    if (coordination == null || checkpoints == null || ledger == null || opening.failed()) {
      throw opening.together();
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
    health.inform(new HealthNotes(runs));
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
    Watches watches = new Watches(health);
    Services services =
        new Services(
            from.tenant,
            time,
            watches.on(coordination),
            watches.on(checkpoints),
            watches.on(ledger),
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
    return new MultiAgentOrchestrator(
        services, starter, runs, Description.of(from, routes), opened);
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

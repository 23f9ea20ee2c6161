// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.AgentFactory;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.ComplexityEstimator;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.TierCredentials;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link Orchestrator}. Not thread safe; reusable: each {@link #build()} makes an
 * independent instance.
 *
 * <p>What is named by URI is opened by the orchestrator and closed with it; what is passed as an
 * instance stays the host's to close and may be shared. Settings given here win over those of
 * {@link #settings}, which win over the defaults.
 */
public final class OrchestratorBuilder {
  final List<ModelChoice> models = new ArrayList<>();
  final Map<String, Tool> tools = new LinkedHashMap<>();
  final List<Policy> policies = new ArrayList<>();
  final List<EventListener> listeners = new ArrayList<>();
  final Map<String, String> providerSettings = new LinkedHashMap<>();
  Settings settings = Settings.DEFAULTS;
  Choice<Coordination> blackboard = Choice.named("memory:");
  Choice<CheckpointStore> checkpoints = Choice.named("memory:");
  Choice<AuditLedger> ledger = Choice.named("memory:");
  @Nullable MessageBus bus;
  @Nullable SecretSource secrets;
  Duration secretTtl = DEFAULT_SECRET_TTL;
  @Nullable TierCredentials tierCredentials;
  Supplier<Redactor> redactor = Redactor::standard;
  @Nullable Team team;
  @Nullable Approver approver;
  @Nullable ClassLoader classLoader;
  Durability required = Durability.MEMORY;
  SpendBudget spend = SpendBudget.DEFAULT;
  TimeSource time = TimeSource.system();
  Workers workers = Workers.virtualIfAvailable();
  @Nullable ContextPropagator propagator;
  AgentFactory successors = AgentFactory.none();
  @Nullable ComplexityEstimator complexity;
  Set<MediationReason> mediation = EnumSet.allOf(MediationReason.class);
  TenantId tenant = TenantId.of("default");
  @Nullable Duration timeout;
  Duration callTimeout = DEFAULT_CALL_TIMEOUT;
  Duration policyTimeout = DEFAULT_POLICY_TIMEOUT;
  Duration stopGrace = DEFAULT_STOP_GRACE;
  int maxQueuedRuns = DEFAULT_MAX_QUEUED_RUNS;
  int retainedRuns = DEFAULT_RETAINED_RUNS;

  /** How long one attempt of a model call may take: 60 s. */
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);

  /** How long a secret is kept before its source is asked again: 5 minutes. */
  public static final Duration DEFAULT_SECRET_TTL = Duration.ofMinutes(5);

  /** How long the policies may take over one action: 1 s. */
  public static final Duration DEFAULT_POLICY_TIMEOUT = Duration.ofSeconds(1);

  /** How long a run that ends waits for its agents' threads before it returns without them. */
  public static final Duration DEFAULT_STOP_GRACE = Duration.ofMillis(20);

  /** How many runs may wait for threads. */
  public static final int DEFAULT_MAX_QUEUED_RUNS = 10_000;

  /** How many ended runs can still be found. */
  public static final int DEFAULT_RETAINED_RUNS = 64;

  /** Something named by URI, or passed as an instance. */
  record Choice<T>(@Nullable String uri, @Nullable T instance) {
    static <T> Choice<T> named(String uri) {
      return new Choice<>(requireNonNull(uri, "uri"), null);
    }

    static <T> Choice<T> given(T instance) {
      return new Choice<>(null, requireNonNull(instance, "instance"));
    }
  }

  /** A model named by URI, or passed as an instance under a name. */
  record ModelChoice(String name, @Nullable ChatModel instance) {}

  OrchestratorBuilder() {}

  /** Sets the effective settings, usually from the environment. If unset, the defaults. */
  public OrchestratorBuilder settings(Settings settings) {
    this.settings = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Adds models by URI, such as {@code local:} or {@code openrouter:anthropic/claude-sonnet-4}, in
   * the order of fallback.
   */
  public OrchestratorBuilder model(String uri, String... fallbacks) {
    models.add(new ModelChoice(requireNonNull(uri, "uri"), null));
    Arrays.stream(fallbacks).forEach(fallback -> models.add(new ModelChoice(fallback, null)));
    return this;
  }

  /** Adds a model of the host under a name, in the order of fallback. */
  public OrchestratorBuilder model(String name, ChatModel model) {
    models.add(new ModelChoice(requireNonNull(name, "name"), requireNonNull(model, "model")));
    return this;
  }

  /** Sets where the shared state of runs lives, by URI. If unset, {@code memory:}. */
  public OrchestratorBuilder blackboard(String uri) {
    this.blackboard = Choice.named(uri);
    return this;
  }

  /** Sets where the shared state of runs lives. */
  public OrchestratorBuilder blackboard(Coordination coordination) {
    this.blackboard = Choice.given(coordination);
    return this;
  }

  /** Sets a message bus of the host. If unset, messages go with the shared state. */
  public OrchestratorBuilder messageBus(MessageBus bus) {
    this.bus = requireNonNull(bus, "bus");
    return this;
  }

  /** Sets where runs are remembered, by URI. If unset, {@code memory:}. */
  public OrchestratorBuilder checkpoints(String uri) {
    this.checkpoints = Choice.named(uri);
    return this;
  }

  /** Sets where runs are remembered. */
  public OrchestratorBuilder checkpoints(CheckpointStore store) {
    this.checkpoints = Choice.given(store);
    return this;
  }

  /** Sets the audit ledger, by URI. If unset, {@code memory:}, which ends with the process. */
  public OrchestratorBuilder ledger(String uri) {
    this.ledger = Choice.named(uri);
    return this;
  }

  /** Sets the audit ledger. */
  public OrchestratorBuilder ledger(AuditLedger ledger) {
    this.ledger = Choice.given(ledger);
    return this;
  }

  /** Sets what ledger and checkpoints must survive at least. If unset, nothing. */
  public OrchestratorBuilder require(Durability durability) {
    this.required = requireNonNull(durability, "durability");
    return this;
  }

  /**
   * Sets where secrets come from that URIs refer to, for the references that it {@linkplain
   * SecretSource#reads reads}. Others, and all if this is unset, are read from the source of their
   * scheme: {@code env:<NAME>} and {@code file:<path>} always, {@code vault:<path>} with the
   * artifact governance-vault.
   */
  public OrchestratorBuilder secrets(SecretSource secrets) {
    this.secrets = requireNonNull(secrets, "secrets");
    return this;
  }

  /**
   * Sets how long a secret is kept in memory before its source is asked again. If unset, 5 minutes.
   * Zero keeps none.
   */
  public OrchestratorBuilder secretTtl(Duration ttl) {
    this.secretTtl = ttl.isZero() ? ttl : positive("secretTtl", ttl);
    return this;
  }

  /**
   * Sets what takes secrets out of everything that enters a run or leaves it. If unset, a {@link
   * Redactor#standard()} of the orchestrator's own. One that is shared knows the secrets of all
   * that share it; {@link Redactor#none()} switches redaction off.
   */
  public OrchestratorBuilder redactor(Redactor redactor) {
    requireNonNull(redactor, "redactor");
    this.redactor = () -> redactor;
    return this;
  }

  /**
   * Sets who issues credentials to each agent, with the rights of its tier; its tools read secrets
   * with them. If unset, tools read secrets as the orchestrator does.
   */
  public OrchestratorBuilder tierCredentials(TierCredentials issuer) {
    this.tierCredentials = requireNonNull(issuer, "issuer");
    return this;
  }

  /** Adds tools; an agent may call those it was granted by name. */
  public OrchestratorBuilder tools(Tool... more) {
    for (Tool tool : more) {
      if (tools.putIfAbsent(tool.name(), tool) != null) {
        throw new BadInputException(
            "OrchestratorBuilder.tools",
            "two tools named '" + tool.name() + "'",
            "one tool for each name",
            "Rename one of them.");
      }
    }
    return this;
  }

  /**
   * Lends a setting to the plugins that are opened by URI, such as {@code openrouter.base-url};
   * which there are is in their documentation. Never a secret: those come from {@link #secrets}.
   */
  public OrchestratorBuilder providerSetting(String name, String value) {
    if (name.isBlank() || value.isBlank()) {
      throw new BadInputException(
          "OrchestratorBuilder.providerSetting",
          name.isBlank() ? "a blank name" : "a blank value of '" + name + "'",
          "text",
          "Leave the setting out");
    }
    providerSettings.put(name, value);
    return this;
  }

  /** Sets the team of runs that name none. If unset, {@link StandardTeam#of()}. */
  public OrchestratorBuilder team(Team team) {
    this.team = requireNonNull(team, "team");
    return this;
  }

  /** Adds a policy behind those added before. */
  public OrchestratorBuilder policy(Policy policy) {
    policies.add(requireNonNull(policy, "policy"));
    return this;
  }

  /** Sets who is told of approvals. If unset, a policy that requires one denies. */
  public OrchestratorBuilder approver(Approver approver) {
    this.approver = requireNonNull(approver, "approver");
    return this;
  }

  /** Sets what a run may spend. If unset, 5 US dollars and 1,000,000 tokens. */
  public OrchestratorBuilder spend(SpendBudget spend) {
    this.spend = requireNonNull(spend, "spend");
    return this;
  }

  /** Sets the active time of a run. If unset, that of the settings: 120 s. */
  public OrchestratorBuilder timeout(Duration timeout) {
    this.timeout = positive("timeout", timeout);
    return this;
  }

  /** Sets how long one attempt of a model call may take. If unset, 60 s. */
  public OrchestratorBuilder callTimeout(Duration timeout) {
    this.callTimeout = positive("callTimeout", timeout);
    return this;
  }

  /** Sets how long the policies may take over one action; longer denies. If unset, 1 s. */
  public OrchestratorBuilder policyTimeout(Duration timeout) {
    this.policyTimeout = positive("policyTimeout", timeout);
    return this;
  }

  /**
   * Sets how long a run that is stopped or out of time waits for its agents' threads to end before
   * it returns without them. If unset, 20 ms.
   */
  public OrchestratorBuilder stopGrace(Duration grace) {
    this.stopGrace = positive("stopGrace", grace);
    return this;
  }

  /** Sets for which reasons a run may be mediated. If unset, all. */
  public OrchestratorBuilder mediation(Set<MediationReason> reasons) {
    this.mediation = Set.copyOf(reasons);
    return this;
  }

  /** Sets how complexity is estimated. If unset, from length, constraints and documents. */
  public OrchestratorBuilder complexity(ComplexityEstimator estimator) {
    this.complexity = requireNonNull(estimator, "estimator");
    return this;
  }

  /** Sets who makes successors of agents that failed. If unset, there are none. */
  public OrchestratorBuilder successors(AgentFactory factory) {
    this.successors = requireNonNull(factory, "factory");
    return this;
  }

  /** Adds a listener to every run. */
  public OrchestratorBuilder listener(EventListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** Sets what threads agents run on. If unset, virtual ones where the JDK has them. */
  public OrchestratorBuilder workers(Workers workers) {
    this.workers = requireNonNull(workers, "workers");
    return this;
  }

  /** Sets how context is carried to agents' threads. If unset, SLF4J's MDC is. */
  public OrchestratorBuilder contextPropagator(ContextPropagator propagator) {
    this.propagator = requireNonNull(propagator, "propagator");
    return this;
  }

  /** Sets the time source. If unset, the system's. */
  public OrchestratorBuilder time(TimeSource time) {
    this.time = requireNonNull(time, "time");
    return this;
  }

  /** Sets the tenant of all runs. If unset, {@code default}. */
  public OrchestratorBuilder tenant(TenantId tenant) {
    this.tenant = requireNonNull(tenant, "tenant");
    return this;
  }

  /** Sets how many runs may wait for threads. If unset, {@value #DEFAULT_MAX_QUEUED_RUNS}. */
  public OrchestratorBuilder maxQueuedRuns(int runs) {
    this.maxQueuedRuns = notNegative("maxQueuedRuns", runs);
    return this;
  }

  /** Sets how many ended runs can still be found. If unset, {@value #DEFAULT_RETAINED_RUNS}. */
  public OrchestratorBuilder retainedRuns(int runs) {
    this.retainedRuns = notNegative("retainedRuns", runs);
    return this;
  }

  /** Sets where providers are looked for. If unset, the context class loader of the caller. */
  public OrchestratorBuilder classLoader(ClassLoader loader) {
    this.classLoader = requireNonNull(loader, "loader");
    return this;
  }

  /**
   * Builds the orchestrator: opens what is named by URI.
   *
   * @throws BadInputException listing all problems at once
   */
  public Orchestrator build() {
    return Assembly.assemble(this);
  }

  private static Duration positive(String where, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new BadInputException(
          "OrchestratorBuilder." + where,
          value.toString(),
          "a positive duration",
          "Give it at least a millisecond.");
    }
    return value;
  }

  private static int notNegative(String where, int value) {
    if (value < 0) {
      throw new BadInputException(
          "OrchestratorBuilder." + where, Integer.toString(value), "0 or more", "Give 0 for none.");
    }
    return value;
  }
}

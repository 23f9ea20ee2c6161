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
import java.util.Arrays;
import java.util.Set;

/**
 * Builds an {@link Orchestrator}. Not thread safe; reusable: each {@link #build()} makes an
 * independent instance.
 *
 * <p>What is named by URI is opened by the orchestrator and closed with it; what is passed as an
 * instance stays the host's to close and may be shared. Settings given here win over those of
 * {@link #settings}, which win over the defaults.
 */
public final class OrchestratorBuilder {
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

  private final Parts parts = new Parts();

  OrchestratorBuilder() {}

  /** Sets the effective settings, usually from the environment. If unset, the defaults. */
  public OrchestratorBuilder settings(Settings settings) {
    parts.settings = requireNonNull(settings, "settings");
    return this;
  }

  /**
   * Adds models by URI, such as {@code local:} or {@code openrouter:anthropic/claude-sonnet-4}, in
   * the order of fallback.
   */
  public OrchestratorBuilder model(String uri, String... fallbacks) {
    parts.models.add(new Parts.ModelChoice(requireNonNull(uri, "uri"), null));
    Arrays.stream(fallbacks)
        .forEach(fallback -> parts.models.add(new Parts.ModelChoice(fallback, null)));
    return this;
  }

  /** Adds a model of the host under a name, in the order of fallback. */
  public OrchestratorBuilder model(String name, ChatModel model) {
    parts.models.add(
        new Parts.ModelChoice(requireNonNull(name, "name"), requireNonNull(model, "model")));
    return this;
  }

  /** Sets where the shared state of runs lives, by URI. If unset, {@code memory:}. */
  public OrchestratorBuilder blackboard(String uri) {
    parts.blackboard = Parts.Choice.named(uri);
    return this;
  }

  /** Sets where the shared state of runs lives. */
  public OrchestratorBuilder blackboard(Coordination coordination) {
    parts.blackboard = Parts.Choice.given(coordination);
    return this;
  }

  /** Sets a message bus of the host. If unset, messages go with the shared state. */
  public OrchestratorBuilder messageBus(MessageBus bus) {
    parts.bus = requireNonNull(bus, "bus");
    return this;
  }

  /** Sets where runs are remembered, by URI. If unset, {@code memory:}. */
  public OrchestratorBuilder checkpoints(String uri) {
    parts.checkpoints = Parts.Choice.named(uri);
    return this;
  }

  /** Sets where runs are remembered. */
  public OrchestratorBuilder checkpoints(CheckpointStore store) {
    parts.checkpoints = Parts.Choice.given(store);
    return this;
  }

  /** Sets the audit ledger, by URI. If unset, {@code memory:}, which ends with the process. */
  public OrchestratorBuilder ledger(String uri) {
    parts.ledger = Parts.Choice.named(uri);
    return this;
  }

  /** Sets the audit ledger. */
  public OrchestratorBuilder ledger(AuditLedger ledger) {
    parts.ledger = Parts.Choice.given(ledger);
    return this;
  }

  /** Sets what ledger and checkpoints must survive at least. If unset, nothing. */
  public OrchestratorBuilder require(Durability durability) {
    parts.required = requireNonNull(durability, "durability");
    return this;
  }

  /**
   * Sets where secrets come from that URIs refer to, for the references that it {@linkplain
   * SecretSource#reads reads}. Others, and all if this is unset, are read from the source of their
   * scheme: {@code env:<NAME>} and {@code file:<path>} always, {@code vault:<path>} with the
   * artifact governance-vault.
   */
  public OrchestratorBuilder secrets(SecretSource secrets) {
    parts.secrets = requireNonNull(secrets, "secrets");
    return this;
  }

  /**
   * Sets how long a secret is kept in memory before its source is asked again. If unset, 5 minutes.
   * Zero keeps none.
   */
  public OrchestratorBuilder secretTtl(Duration ttl) {
    parts.secretTtl = ttl.isZero() ? ttl : Parts.positive("secretTtl", ttl);
    return this;
  }

  /**
   * Sets what takes secrets out of everything that enters a run or leaves it. If unset, a {@link
   * Redactor#standard()} of the orchestrator's own. One that is shared knows the secrets of all
   * that share it; {@link Redactor#none()} switches redaction off.
   */
  public OrchestratorBuilder redactor(Redactor redactor) {
    requireNonNull(redactor, "redactor");
    parts.redactor = () -> redactor;
    return this;
  }

  /**
   * Sets who issues credentials to each agent, with the rights of its tier; its tools read secrets
   * with them. If unset, tools read secrets as the orchestrator does.
   */
  public OrchestratorBuilder tierCredentials(TierCredentials issuer) {
    parts.tierCredentials = requireNonNull(issuer, "issuer");
    return this;
  }

  /** Adds tools; an agent may call those it was granted by name. */
  public OrchestratorBuilder tools(Tool... more) {
    for (Tool tool : more) {
      if (parts.tools.putIfAbsent(tool.name(), tool) != null) {
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
    parts.providerSettings.put(name, value);
    return this;
  }

  /** Sets the team of runs that name none. If unset, {@link StandardTeam#of()}. */
  public OrchestratorBuilder team(Team team) {
    parts.team = requireNonNull(team, "team");
    return this;
  }

  /** Adds a policy behind those added before. */
  public OrchestratorBuilder policy(Policy policy) {
    parts.policies.add(requireNonNull(policy, "policy"));
    return this;
  }

  /** Sets who is told of approvals. If unset, a policy that requires one denies. */
  public OrchestratorBuilder approver(Approver approver) {
    parts.approver = requireNonNull(approver, "approver");
    return this;
  }

  /** Sets what a run may spend. If unset, 5 US dollars and 1,000,000 tokens. */
  public OrchestratorBuilder spend(SpendBudget spend) {
    parts.spend = requireNonNull(spend, "spend");
    return this;
  }

  /** Sets the active time of a run. If unset, that of the settings: 120 s. */
  public OrchestratorBuilder timeout(Duration timeout) {
    parts.timeout = Parts.positive("timeout", timeout);
    return this;
  }

  /** Sets how long one attempt of a model call may take. If unset, 60 s. */
  public OrchestratorBuilder callTimeout(Duration timeout) {
    parts.callTimeout = Parts.positive("callTimeout", timeout);
    return this;
  }

  /** Sets how long the policies may take over one action; longer denies. If unset, 1 s. */
  public OrchestratorBuilder policyTimeout(Duration timeout) {
    parts.policyTimeout = Parts.positive("policyTimeout", timeout);
    return this;
  }

  /**
   * Sets how long a run that is stopped or out of time waits for its agents' threads to end before
   * it returns without them. If unset, 20 ms.
   */
  public OrchestratorBuilder stopGrace(Duration grace) {
    parts.stopGrace = Parts.positive("stopGrace", grace);
    return this;
  }

  /** Sets for which reasons a run may be mediated. If unset, all. */
  public OrchestratorBuilder mediation(Set<MediationReason> reasons) {
    parts.mediation = Set.copyOf(reasons);
    return this;
  }

  /** Sets how complexity is estimated. If unset, from length, constraints and documents. */
  public OrchestratorBuilder complexity(ComplexityEstimator estimator) {
    parts.complexity = requireNonNull(estimator, "estimator");
    return this;
  }

  /** Sets who makes successors of agents that failed. If unset, there are none. */
  public OrchestratorBuilder successors(AgentFactory factory) {
    parts.successors = requireNonNull(factory, "factory");
    return this;
  }

  /** Adds a listener to every run. */
  public OrchestratorBuilder listener(EventListener listener) {
    parts.listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /** Sets what threads agents run on. If unset, virtual ones where the JDK has them. */
  public OrchestratorBuilder workers(Workers workers) {
    parts.workers = requireNonNull(workers, "workers");
    return this;
  }

  /** Sets how context is carried to agents' threads. If unset, SLF4J's MDC is. */
  public OrchestratorBuilder contextPropagator(ContextPropagator propagator) {
    parts.propagator = requireNonNull(propagator, "propagator");
    return this;
  }

  /** Sets the time source. If unset, the system's. */
  public OrchestratorBuilder time(TimeSource time) {
    parts.time = requireNonNull(time, "time");
    return this;
  }

  /** Sets the tenant of all runs. If unset, {@code default}. */
  public OrchestratorBuilder tenant(TenantId tenant) {
    parts.tenant = requireNonNull(tenant, "tenant");
    return this;
  }

  /** Sets how many runs may wait for threads. If unset, {@value #DEFAULT_MAX_QUEUED_RUNS}. */
  public OrchestratorBuilder maxQueuedRuns(int runs) {
    parts.maxQueuedRuns = Parts.notNegative("maxQueuedRuns", runs);
    return this;
  }

  /** Sets how many ended runs can still be found. If unset, {@value #DEFAULT_RETAINED_RUNS}. */
  public OrchestratorBuilder retainedRuns(int runs) {
    parts.retainedRuns = Parts.notNegative("retainedRuns", runs);
    return this;
  }

  /** Sets where providers are looked for. If unset, the context class loader of the caller. */
  public OrchestratorBuilder classLoader(ClassLoader loader) {
    parts.classLoader = requireNonNull(loader, "loader");
    return this;
  }

  /**
   * Builds the orchestrator: opens what is named by URI.
   *
   * @throws BadInputException listing all problems at once
   */
  public Orchestrator build() {
    return Assembly.assemble(parts);
  }
}

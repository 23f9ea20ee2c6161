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
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link OrchestratorBuilder} was told, and the defaults of what it was not. Not thread
 * safe: written by the builder, read by an {@link Assembly}, both on the thread of the host.
 */
final class Parts {
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
  Duration secretTtl = OrchestratorBuilder.DEFAULT_SECRET_TTL;
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
  Duration callTimeout = OrchestratorBuilder.DEFAULT_CALL_TIMEOUT;
  Duration policyTimeout = OrchestratorBuilder.DEFAULT_POLICY_TIMEOUT;
  Duration stopGrace = OrchestratorBuilder.DEFAULT_STOP_GRACE;
  int maxQueuedRuns = OrchestratorBuilder.DEFAULT_MAX_QUEUED_RUNS;
  int retainedRuns = OrchestratorBuilder.DEFAULT_RETAINED_RUNS;

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

  /** Returns a setting, if it is a positive duration. */
  static Duration positive(String where, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new BadInputException(
          "OrchestratorBuilder." + where,
          value.toString(),
          "a positive duration",
          "Give it at least a millisecond.");
    }
    return value;
  }

  /** Returns a setting, if it is a number that makes sense. */
  static int notNegative(String where, int value) {
    if (value < 0) {
      throw new BadInputException(
          "OrchestratorBuilder." + where, Integer.toString(value), "0 or more", "Give 0 for none.");
    }
    return value;
  }
}

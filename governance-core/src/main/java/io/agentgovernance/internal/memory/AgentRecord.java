// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ErrorBudget;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mutable record of one agent. Guarded by the lock of its {@link MemoryRunStore}. */
final class AgentRecord {
  final Command.Spawn spawn;
  final int depth;
  final List<AgentOutput> outputs = new ArrayList<>(8);
  AgentStatus status = AgentStatus.PENDING;
  @Nullable AgentPhase phase;
  String failure = "";
  Spend spend = Spend.NONE;
  @Nullable ClarifiedPlan clarifiedPlan;
  long readUpTo;
  int heartbeats;
  private boolean clarified;
  private int errors;
  private int violations;
  private final Map<String, Integer> signatures = new HashMap<>(4);
  private final Set<String> errorIds = new HashSet<>(4);

  AgentRecord(Command.Spawn spawn, int depth) {
    this.spawn = spawn;
    this.depth = depth;
  }

  AgentRecord(AgentRecord origin) {
    this(origin.spawn, origin.depth);
    outputs.addAll(origin.outputs);
    status = origin.status;
    phase = origin.phase;
    failure = origin.failure;
    spend = origin.spend;
    clarifiedPlan = origin.clarifiedPlan;
    readUpTo = origin.readUpTo;
    heartbeats = origin.heartbeats;
    clarified = origin.clarified;
    errors = origin.errors;
    violations = origin.violations;
    signatures.putAll(origin.signatures);
    errorIds.addAll(origin.errorIds);
  }

  boolean active() {
    return !ended();
  }

  boolean ended() {
    return ended(status);
  }

  static boolean ended(AgentStatus status) {
    return switch (status) {
      case PENDING, RUNNING, WAITING -> false;
      case COMPLETED, FAILED, TIMED_OUT, STOPPED, REVOKED -> true;
    };
  }

  boolean mediator() {
    return spawn.reason() != null;
  }

  boolean finished(AgentPhase candidate) {
    return output(candidate) != null;
  }

  @Nullable AgentOutput output(AgentPhase candidate) {
    for (AgentOutput output : outputs) {
      if (output.phase() == candidate) {
        return output;
      }
    }
    return null;
  }

  boolean counted(String errorId) {
    return errorIds.contains(errorId);
  }

  ErrorTally tally(String signature) {
    return new ErrorTally(
        errors, Math.max(0, signatures.getOrDefault(signature, 0) - 1), violations, Set.of());
  }

  /** Counts an error; a limit reached revokes. */
  ErrorTally count(Command.RecordError error) {
    ErrorBudget budget = spawn.errorBudget();
    errorIds.add(error.errorId());
    errors++;
    int repeats = signatures.merge(error.signature(), 1, Integer::sum) - 1;
    boolean violated = error.violation() != null;
    if (violated) {
      violations++;
    }
    EnumSet<Consequence> consequences = EnumSet.noneOf(Consequence.class);
    if (errors >= budget.maxTotalErrors()
        || repeats >= budget.maxSameErrorRepeats()
        || (violated && violations >= budget.maxProcedureViolations())) {
      consequences.add(Consequence.REVOKE);
    } else {
      if (errors == ErrorBudget.warnAt(budget.maxTotalErrors())
          || repeats == ErrorBudget.warnAt(budget.maxSameErrorRepeats())
          || (violated && violations == ErrorBudget.warnAt(budget.maxProcedureViolations()))) {
        consequences.add(Consequence.WARN);
      }
      if (!clarified && (errors >= budget.clarifyAt() || repeats == 1)) {
        clarified = true;
        consequences.add(Consequence.CLARIFY);
      }
    }
    return new ErrorTally(errors, repeats, violations, consequences);
  }

  AgentState view() {
    return new AgentState(
        spawn.agent(),
        spawn.role(),
        spawn.tier(),
        spawn.version(),
        spawn.reason(),
        spawn.successorOf(),
        status,
        phase,
        outputs,
        errors,
        violations,
        failure,
        spend);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link MetricsCollector} has counted at one moment. Immutable and thread safe.
 *
 * @param totals over all runs ever seen
 * @param ended how many runs ended with each status
 * @param runs the latest runs, the one with the latest event last
 */
public record MetricsSnapshot(Figures totals, Map<PipelineStatus, Long> ended, List<Run> runs) {
  /** Copies map and list. */
  public MetricsSnapshot {
    requireNonNull(totals, "totals");
    var copy = new EnumMap<PipelineStatus, Long>(PipelineStatus.class);
    copy.putAll(ended);
    ended = Collections.unmodifiableMap(copy);
    runs = List.copyOf(runs);
  }

  /**
   * Sums of a run, an agent, or everything. Immutable and thread safe.
   *
   * @param events how many events there were of each type
   * @param phases time spent in each phase that has ended, added up over agents
   * @param modelCalls settled model calls
   * @param promptTokens settled prompt tokens
   * @param completionTokens settled completion tokens
   * @param cost settled cost in US dollars
   * @param errors errors counted against error budgets
   * @param denials actions denied
   */
  public record Figures(
      Map<String, Long> events,
      Map<AgentPhase, Duration> phases,
      long modelCalls,
      long promptTokens,
      long completionTokens,
      BigDecimal cost,
      long errors,
      long denials) {
    /** Copies the maps; the types are in alphabetical order, the phases in theirs. */
    public Figures {
      events = Collections.unmodifiableMap(new TreeMap<>(events));
      var copy = new EnumMap<AgentPhase, Duration>(AgentPhase.class);
      copy.putAll(phases);
      phases = Collections.unmodifiableMap(copy);
      requireNonNull(cost, "cost");
    }

    /** Returns how many events there were of a type, 0 if none. */
    public long events(String type) {
      return events.getOrDefault(type, 0L);
    }

    /** Returns the time spent in a phase, zero if it has not ended. */
    public Duration phase(AgentPhase phase) {
      return phases.getOrDefault(phase, Duration.ZERO);
    }
  }

  /**
   * One agent of a run. Immutable and thread safe.
   *
   * @param agent the agent
   * @param status its latest status, PENDING before the first
   * @param figures its sums
   */
  public record Agent(AgentId agent, AgentStatus status, Figures figures) {
    /** Checks that nothing is missing. */
    public Agent {
      requireNonNull(agent, "agent");
      requireNonNull(status, "status");
      requireNonNull(figures, "figures");
    }
  }

  /**
   * One run. Immutable and thread safe.
   *
   * @param run the run
   * @param status its latest status, SPAWNED before the first
   * @param startedAt when its first event happened
   * @param lastAt when its latest event happened; its end, if the status is terminal
   * @param figures its sums, agents included
   * @param agents its agents in the order of their first events
   */
  public record Run(
      RunId run,
      PipelineStatus status,
      Instant startedAt,
      Instant lastAt,
      Figures figures,
      Map<AgentId, Agent> agents) {
    /** Copies the map. */
    public Run {
      requireNonNull(run, "run");
      requireNonNull(status, "status");
      requireNonNull(startedAt, "startedAt");
      requireNonNull(lastAt, "lastAt");
      requireNonNull(figures, "figures");
      agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
    }

    /** Returns the time from its first event to its latest. */
    public Duration duration() {
      return Duration.between(startedAt, lastAt);
    }
  }
}

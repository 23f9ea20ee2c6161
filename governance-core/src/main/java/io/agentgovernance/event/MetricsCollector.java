// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in all runs it listens to: events, phase durations, model calls, tokens,
 * cost, errors and denials, for each run and each agent and over all.
 *
 * <pre>{@code
 * var metrics = new MetricsCollector();   // listens to one orchestrator or several
 * BigDecimal spent = metrics.snapshot().totals().cost();
 * }</pre>
 *
 * <p>Thread safe. Sums are exact if each event is passed once. Bounded: it knows the latest runs
 * only, {@value #DEFAULT_MAX_RUNS} unless told otherwise; a run forgotten stays in the totals.
 */
public final class MetricsCollector implements EventListener {
  /** How many runs are known apart. */
  public static final int DEFAULT_MAX_RUNS = 1_000;

  static final int MAX_AGENTS = 1_000;

  private static final String AGENT_ID = "agent_id";

  private final int maxRuns;
  private final ReentrantLock lock = new ReentrantLock();
  private final Tally totals = new Tally();
  private final Map<PipelineStatus, Long> ended = new EnumMap<>(PipelineStatus.class);

  /** In the order of their latest events: of a run at work the last was a moment ago. */
  private final LinkedHashMap<RunId, OneRun> runs = new LinkedHashMap<>(16, 0.75f, true);

  /** Guarded by the lock. */
  private static final class OneRun {
    final Tally tally = new Tally();
    final Map<String, OneAgent> agents = new LinkedHashMap<>(4);
    PipelineStatus status = PipelineStatus.SPAWNED;
    Instant startedAt;
    Instant lastAt;

    OneRun(Instant at) {
      this.startedAt = at;
      this.lastAt = at;
    }
  }

  /** Guarded by the lock. */
  private static final class OneAgent {
    final AgentId id;
    final Tally tally = new Tally();
    AgentStatus status = AgentStatus.PENDING;
    @Nullable AgentPhase phase;
    Instant phaseSince = Instant.EPOCH;

    OneAgent(AgentId id) {
      this.id = id;
    }
  }

  /** A collector that knows {@link #DEFAULT_MAX_RUNS} runs. */
  public MetricsCollector() {
    this(DEFAULT_MAX_RUNS);
  }

  /**
   * A collector that knows at most {@code maxRuns} runs.
   *
   * @throws BadInputException if {@code maxRuns} is less than 1
   */
  public MetricsCollector(int maxRuns) {
    if (maxRuns < 1) {
      throw new BadInputException(
          "metrics, maxRuns", Integer.toString(maxRuns), "at least 1", "Leave it out for 1,000");
    }
    this.maxRuns = maxRuns;
  }

  @Override
  public void onEvent(Event event) {
    Map<?, ?> data = event.data().read(Map.class);
    lock.lock();
    try {
      OneRun run = runs.get(event.run());
      if (run == null) {
        run = new OneRun(event.at());
        runs.put(event.run(), run);
        if (runs.size() > maxRuns) {
          runs.remove(runs.keySet().iterator().next());
        }
      }
      count(event, data, run);
    } finally {
      lock.unlock();
    }
  }

  private void count(Event event, Map<?, ?> data, OneRun run) {
    run.startedAt = event.at().isBefore(run.startedAt) ? event.at() : run.startedAt;
    run.lastAt = event.at().isAfter(run.lastAt) ? event.at() : run.lastAt;
    OneAgent agent = agent(event.type(), data, run);
    Stream.of(totals, run.tally).forEach(tally -> tally.add(event.type(), data));
    if (agent != null) {
      agent.tally.add(event.type(), data);
      follow(event, data, run, agent);
    }
    if (event.type().equals(EventTypes.PIPELINE_STATUS) || event.terminal()) {
      PipelineStatus status = named(PipelineStatus.class, data.get("status"));
      // The first terminal status is the one that counts.
      run.status = status == null || run.status.isTerminal() ? run.status : status;
    }
    if (event.terminal()) {
      ended.merge(run.status, 1L, Long::sum);
    }
  }

  private static @Nullable OneAgent agent(String type, Map<?, ?> data, OneRun run) {
    String field =
        switch (type) {
          case EventTypes.AGENT_MESSAGE, EventTypes.HANDOFF_CREATED -> "from";
          case EventTypes.PROPOSAL_POSTED -> "author";
          case EventTypes.VOTE_CAST -> "voter";
          default -> AGENT_ID;
        };
    if (!(data.get(field) instanceof String name)) {
      return null;
    }
    OneAgent known = run.agents.get(name);
    if (known == null && run.agents.size() < MAX_AGENTS) {
      try {
        known = new OneAgent(AgentId.parse(name));
        run.agents.put(name, known);
      } catch (BadInputException e) {
        return null; // a host's own event, with another meaning of that field
      }
    }
    return known;
  }

  /** Keeps up with an agent's status and the phase it is in. */
  private void follow(Event event, Map<?, ?> data, OneRun run, OneAgent agent) {
    switch (event.type()) {
      case EventTypes.AGENT_PHASE -> {
        endPhase(event.at(), run, agent);
        agent.phase = named(AgentPhase.class, data.get("phase"));
        agent.phaseSince = event.at();
      }
      case EventTypes.AGENT_OUTPUT -> endPhase(event.at(), run, agent);
      case EventTypes.AGENT_STATUS -> {
        AgentStatus status = named(AgentStatus.class, data.get("to"));
        agent.status = status == null ? agent.status : status;
        if (agent.status.isTerminal()) {
          endPhase(event.at(), run, agent);
        }
      }
      default -> {}
    }
  }

  private void endPhase(Instant at, OneRun run, OneAgent agent) {
    AgentPhase phase = agent.phase;
    if (phase != null) {
      Duration spent = Duration.between(agent.phaseSince, at);
      Duration counted = spent.isNegative() ? Duration.ZERO : spent; // the clock was set back
      Stream.of(totals, run.tally, agent.tally).forEach(tally -> tally.add(phase, counted));
      agent.phase = null;
    }
  }

  /** Returns what was counted so far. */
  public MetricsSnapshot snapshot() {
    lock.lock();
    try {
      List<MetricsSnapshot.Run> views =
          runs.entrySet().stream().map(e -> view(e.getKey(), e.getValue())).toList();
      return new MetricsSnapshot(totals.figures(), ended, views);
    } finally {
      lock.unlock();
    }
  }

  private static MetricsSnapshot.Run view(RunId id, OneRun run) {
    Map<AgentId, MetricsSnapshot.Agent> agents = new LinkedHashMap<>();
    for (OneAgent agent : run.agents.values()) {
      agents.put(
          agent.id, new MetricsSnapshot.Agent(agent.id, agent.status, agent.tally.figures()));
    }
    return new MetricsSnapshot.Run(
        id, run.status, run.startedAt, run.lastAt, run.tally.figures(), agents);
  }

  private static <E extends Enum<E>> @Nullable E named(Class<E> type, @Nullable Object name) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) {
        return constant;
      }
    }
    return null;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import io.agentgovernance.internal.events.Timeline;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Denial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is to say about a run at the moment it ended or came to rest. Immutable.
 *
 * @param run the run
 * @param objective what it was to reach
 * @param outcome how it came out
 * @param agents what became of each agent, mediators included, in the order they were spawned
 * @param proposals the proposals with their votes
 * @param mediations the spawns of the mediator with their reasons
 * @param handoffs what was handed off, and to whom
 * @param denials the denied actions, the last {@value #MAX_DENIALS} of them
 * @param usage what the run spent; if it is not {@linkplain Spend#exact() exact}, some of it is an
 *     estimate, and {@link Orchestration#settled()} tells what it came to
 * @param timeline the events
 * @param droppedEvents how many events were not kept
 * @param activeTime how much active time it used
 * @param abandonedThreads how many threads ignored their interruption
 * @param warnings what an operator should know, such as ledger entries that could not be written
 * @param checkpoint the last checkpoint, if the run has one
 */
public record OrchestrationResult(
    RunId run,
    String objective,
    Outcome outcome,
    List<AgentReport> agents,
    List<Proposal> proposals,
    List<MediationReport> mediations,
    List<Handoff> handoffs,
    List<Denial> denials,
    Spend usage,
    List<Event> timeline,
    long droppedEvents,
    Duration activeTime,
    int abandonedThreads,
    List<String> warnings,
    @Nullable Checkpoint checkpoint) {

  /** How many denials are kept. */
  public static final int MAX_DENIALS = 1_000;

  public OrchestrationResult {
    requireNonNull(run, "run");
    requireNonNull(objective, "objective");
    requireNonNull(outcome, "outcome");
    agents = List.copyOf(agents);
    proposals = List.copyOf(proposals);
    mediations = List.copyOf(mediations);
    handoffs = List.copyOf(handoffs);
    denials = List.copyOf(denials);
    requireNonNull(usage, "usage");
    timeline = timeline instanceof Timeline ? timeline : List.copyOf(timeline);
    requireNonNull(activeTime, "activeTime");
    warnings = List.copyOf(warnings);
  }

  /** The status that belongs to the outcome. */
  public PipelineStatus status() {
    return outcome.status();
  }

  /** The accepted solution, if there is one. */
  public Optional<Payload> solution() {
    return outcome instanceof Outcome.Accepted accepted
        ? Optional.of(accepted.solution())
        : Optional.empty();
  }

  /** The report of the first agent with a role; its successors come after it. */
  public Optional<AgentReport> agent(String role) {
    return agents.stream().filter(agent -> agent.role().name().equalsIgnoreCase(role)).findFirst();
  }

  /** The accepted proposal, if there is one. */
  public Optional<Proposal> accepted() {
    return proposals.stream().filter(p -> p.state() == Proposal.State.ACCEPTED).findFirst();
  }

  /** The report for people, in Markdown; partial if the run did not complete. */
  public String report() {
    return ReportWriter.markdown(this);
  }

  /** What happened, as a Mermaid sequence diagram. */
  public String diagram() {
    return ReportWriter.mermaid(this);
  }

  @Override
  public String toString() {
    return "OrchestrationResult[" + run + " " + status() + "]";
  }
}

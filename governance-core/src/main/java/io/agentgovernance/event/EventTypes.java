// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import java.util.Set;

/**
 * The types of the events that the library announces, as they are on the wire, each with its data.
 *
 * <p>The set is open: later versions add types, hosts announce their own, and readers skip what
 * they do not know. The data of a type only ever gains fields; below, a field with a {@code ?} may
 * be absent.
 */
public final class EventTypes {

  /** The run began: model, agents, objective_digest. */
  public static final String ORCHESTRATION_STARTED = "orchestration_started";

  /** A process took up a run that another had left; {@code epoch} counts them. */
  public static final String ORCHESTRATION_RESUMED = "orchestration_resumed";

  /** An agent was added: agent_id, role, runtime, tier, version, successor_of?. */
  public static final String AGENT_SPAWNED = "agent_spawned";

  /** A host asks to run an agent that another one coordinates: agent_id, role. */
  public static final String AGENT_JOINED = "agent_joined";

  /** The host that joined may begin: agent_id. */
  public static final String AGENT_ADMITTED = "agent_admitted";

  /** The coordinator runs an agent itself whose host did not come, or is gone: agent_id. */
  public static final String AGENT_TAKEN_BACK = "agent_taken_back";

  /** An agent sent a message: from, to ("*" for all others), content, sequence (of the bus). */
  public static final String AGENT_MESSAGE = "agent_message";

  /** A mediator was added: reason, agent_id. */
  public static final String GAMMA_SPAWNED = "gamma_spawned";

  /** A proposal was accepted: proposal_id, votes {accept, reject}, decided_by, uncontested. */
  public static final String CONSENSUS_REACHED = "consensus_reached";

  /** The run has ended, always the last event: status, results. */
  public static final String ORCHESTRATION_COMPLETE = "orchestration_complete";

  /** The run's status changed: status, from?. */
  public static final String PIPELINE_STATUS = "pipeline_status";

  /** Somebody asked the run to stop: by, reason. */
  public static final String STOP_REQUESTED = "stop_requested";

  /** An agent's status changed: agent_id, from, to. */
  public static final String AGENT_STATUS = "agent_status";

  /** An agent entered a phase: agent_id, phase, output_type?. */
  public static final String AGENT_PHASE = "agent_phase";

  /** An agent ended a phase with its output: agent_id, phase, type, digest. */
  public static final String AGENT_OUTPUT = "agent_output";

  /** Tokens were streamed: agent_id, characters (since its last one), total. */
  public static final String PROGRESS = "progress";

  /** An agent's error was counted: agent_id, signature, total, repeats, violation?. */
  public static final String ERROR_RECORDED = "error_recorded";

  /** An agent was revoked: agent_id, reason. */
  public static final String AGENT_REVOKED = "agent_revoked";

  /** An agent left work behind: handoff_id, from, state. */
  public static final String HANDOFF_CREATED = "handoff_created";

  /** An agent took work over: handoff_id, agent_id, from?. */
  public static final String HANDOFF_CLAIMED = "handoff_claimed";

  /** Nobody was left to take work over: handoff_id, from?. */
  public static final String HANDOFF_UNCLAIMED = "handoff_unclaimed";

  /** A proposal was posted: proposal_id, author, digest, electorate, quorum. */
  public static final String PROPOSAL_POSTED = "proposal_posted";

  /** A vote was cast: proposal_id, voter, choice. */
  public static final String VOTE_CAST = "vote_cast";

  /** The solution was written: agent_id, digest. */
  public static final String SOLUTION_WRITTEN = "solution_written";

  /** A value was written to the blackboard: agent_id, key, version?. */
  public static final String BLACKBOARD_WRITE = "blackboard_write";

  /** A state was kept from which the run can go on: agent_id, phase. */
  public static final String CHECKPOINT_CREATED = "checkpoint_created";

  /** A model call was settled: agent_id, prompt_tokens, completion_tokens, cost (US dollars). */
  public static final String USAGE = "usage";

  /** A budget is close to its limit: agent_id?, kind, and the counts of that kind. */
  public static final String BUDGET_WARNING = "budget_warning";

  /** A circuit breaker changed: the model or store, from, to. */
  public static final String CIRCUIT_STATE = "circuit_state";

  /**
   * A part that the run rests on changed its health, as one process at the run saw it: component,
   * from, to, failure. Of the coordination store it is told when that works again.
   */
  public static final String COMPONENT_HEALTH = "component_health";

  /** An action was denied: agent_id, action, policy, rule, reason. */
  public static final String ACTION_DENIED = "action_denied";

  /** A person has to decide: approval_id, agent_id, action, policy, state, by, expires_at. */
  public static final String GATE_OPENED = "gate_opened";

  /** A person has decided, or nobody did in time: as {@link #GATE_OPENED} without the time. */
  public static final String GATE_DECIDED = "gate_decided";

  /** For whoever puts a question to a person in a way of their own: approval_id, action. */
  public static final String APPROVAL_REQUESTED = "approval_requested";

  /** The answer to {@link #APPROVAL_REQUESTED}: approval_id, action, state, by. */
  public static final String APPROVAL_DECIDED = "approval_decided";

  /** A plan was made clearer after errors: agent_id, reason, clarifications. */
  public static final String PLAN_CLARIFIED = "plan_clarified";

  /** Every type above. */
  public static final Set<String> ALL =
      Set.of(
          ORCHESTRATION_STARTED,
          ORCHESTRATION_RESUMED,
          AGENT_SPAWNED,
          AGENT_MESSAGE,
          GAMMA_SPAWNED,
          CONSENSUS_REACHED,
          ORCHESTRATION_COMPLETE,
          PIPELINE_STATUS,
          STOP_REQUESTED,
          AGENT_STATUS,
          AGENT_PHASE,
          AGENT_OUTPUT,
          PROGRESS,
          ERROR_RECORDED,
          AGENT_REVOKED,
          HANDOFF_CREATED,
          HANDOFF_CLAIMED,
          HANDOFF_UNCLAIMED,
          PROPOSAL_POSTED,
          VOTE_CAST,
          SOLUTION_WRITTEN,
          BLACKBOARD_WRITE,
          CHECKPOINT_CREATED,
          USAGE,
          BUDGET_WARNING,
          CIRCUIT_STATE,
          COMPONENT_HEALTH,
          ACTION_DENIED,
          GATE_OPENED,
          GATE_DECIDED,
          APPROVAL_REQUESTED,
          APPROVAL_DECIDED,
          PLAN_CLARIFIED);

  private static final int MAX_LENGTH = 64;

  private EventTypes() {}

  /**
   * Says whether a text can be the type of an event: 1 to 64 characters of A-Z, a-z, 0-9, '_', '.',
   * ':' and '-', the first a letter or digit.
   */
  public static boolean isWellFormed(String type) {
    int length = type.length();
    if (length == 0 || length > MAX_LENGTH || !isLetterOrDigit(type.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = type.charAt(i);
      if (!isLetterOrDigit(c) && c != '_' && c != '.' && c != ':' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One change of a run's shared state. A coordination store applies each atomically and answers with
 * an {@link Applied}; an accepted one is a delta that rebuilds the state when it is applied again.
 *
 * <p>Each carries the id of what it makes, so repeating it is answered {@code DUP}, and the fencing
 * token of its caller, so a stale caller is answered {@code FENCED}. After a stop or the end of the
 * run every command of an agent is answered {@code STOPPED}, after its revocation {@code REVOKED}.
 *
 * @param <R> the type of the result
 */
public sealed interface Command<R> {

  /** A command of one agent, carrying that agent's fencing token. */
  sealed interface OfAgent<R> extends Command<R> {
    /** The agent that acts. */
    AgentId agent();

    /** The token of the agent's lease. */
    long fence();
  }

  /** A command of the run's coordinator, carrying the coordinator's fencing token. */
  sealed interface OfCoordinator<R> extends Command<R> {
    /** The token of the coordinator's lease. */
    long fence();
  }

  // ---- the run

  /** Sets the run's status; the first terminal one wins, later ones are a {@code CONFLICT}. */
  record SetStatus(long fence, PipelineStatus status, Payload detail)
      implements OfCoordinator<PipelineStatus> {}

  /** Stops the run: from now on every agent's command is refused. Needs no lease. */
  record Stop(String by, String reason) implements Command<PipelineStatus> {}

  /**
   * Adds an agent. A mediator is refused with {@code REASON_USED} if its reason had one before, and
   * with {@code MEDIATOR_ACTIVE} while another is active.
   */
  record Spawn(
      long fence,
      AgentId agent,
      AgentRole role,
      TrustTier tier,
      String version,
      ErrorBudget errorBudget,
      @Nullable MediationReason reason,
      @Nullable AgentId successorOf)
      implements OfCoordinator<AgentState> {}

  /** Marks an open handoff as given up. */
  record GiveUpHandoff(long fence, String handoffId) implements OfCoordinator<Handoff> {}

  /** Something worth an event that changes no state: a warning, a breaker's state. */
  record Note(@Nullable AgentId agent, String type, Payload data) implements Command<Void> {}

  // ---- an agent's life

  /** Enters a phase; any but the next one is refused with {@code PHASE_JUMP}. */
  record EnterPhase(AgentId agent, long fence, AgentPhase phase) implements OfAgent<AgentPhase> {}

  /** Ends the current phase with its output. */
  record FinishPhase(AgentId agent, long fence, AgentOutput output)
      implements OfAgent<AgentOutput> {}

  /**
   * Sets the agent's status; a failure hands its work off. {@code REVOKED} is refused with {@code
   * ONLY_ERRORS_REVOKE}. After a stop only an end other than {@code COMPLETED} is accepted.
   */
  record SetAgentStatus(AgentId agent, long fence, AgentStatus status, String failure)
      implements OfAgent<AgentState> {}

  /**
   * Counts an error, and revokes and hands off in the same step if a limit of the agent's error
   * budget is reached. A repeated error id is not counted.
   */
  record RecordError(
      AgentId agent,
      long fence,
      String errorId,
      String signature,
      @Nullable ProcedureViolation violation,
      String message)
      implements OfAgent<ErrorTally> {}

  /** Notes the clarified plan; the first one stays, further ones are answered {@code DUP}. */
  record Clarify(AgentId agent, long fence, ClarifiedPlan plan) implements OfAgent<ClarifiedPlan> {}

  /** A sign of life; refused with {@code NO_PROGRESS} beyond 10 without other progress. */
  record Heartbeat(AgentId agent, long fence) implements OfAgent<Integer> {
    /** How many heartbeats count as progress between other progress. */
    public static final int MAX_IN_A_ROW = 10;
  }

  /** Streamed tokens arrived; progress and an event at most ten times a second. */
  record Progress(AgentId agent, long fence, long characters) implements OfAgent<Void> {}

  // ---- what agents share

  /**
   * Writes a blackboard value.
   *
   * @param expectedVersion the version that must be there, 0 for absent, {@link #ANY} for whatever
   */
  record Write(
      AgentId agent, long fence, String writeId, String key, Payload value, long expectedVersion)
      implements OfAgent<BlackboardEntry> {
    /** Any version may be there. */
    public static final long ANY = -1;
  }

  /** Sends a message to one agent, or to all others if {@code to} is absent. */
  record Send(AgentId agent, long fence, String messageId, @Nullable AgentId to, Payload content)
      implements OfAgent<AgentMessage> {}

  /**
   * Notes that the agent has read its messages up to a sequence; the rest is handed off with it. A
   * sequence that is not higher than the one before is answered {@code DUP}.
   */
  record Acknowledge(AgentId agent, long fence, long sequence) implements OfAgent<Long> {}

  /** Posts a proposal; its electorate is every other agent active now. */
  record Propose(AgentId agent, long fence, String proposalId, Payload content)
      implements OfAgent<Proposal> {}

  /**
   * Casts a ballot. Refused with {@code UNKNOWN_PROPOSAL}, {@code AUTHOR}, {@code OUTSIDER}, {@code
   * WRONG_DIGEST}, {@code ALREADY_VOTED} or {@code CLOSED}.
   */
  record Cast(
      AgentId agent,
      long fence,
      String proposalId,
      Digest digest,
      Ballot.Choice choice,
      String reason)
      implements OfAgent<Proposal> {}

  /** The mediator's binding choice of an undecided or rejected proposal. */
  record Decide(AgentId agent, long fence, String proposalId, Digest digest)
      implements OfAgent<Proposal> {}

  /** Writes the solution of the accepted proposal; the first one stays. */
  record Solve(AgentId agent, long fence, Payload solution) implements OfAgent<Payload> {}

  /** Takes over an open handoff; refused with {@code ALREADY_CLAIMED}. */
  record ClaimHandoff(AgentId agent, long fence, String handoffId) implements OfAgent<Handoff> {}

  // ---- spending

  /** Reserves tokens and cost for one call; refused with {@code SPENT}. */
  record Reserve(AgentId agent, long fence, String reservationId, long tokens, BigDecimal cost)
      implements OfAgent<Spend> {}

  /**
   * Settles a reservation with real usage, also one that was charged as an estimate. The usage
   * always counts; the status says whether the reply may still be used.
   */
  record Settle(
      AgentId agent,
      long fence,
      String reservationId,
      long promptTokens,
      long completionTokens,
      BigDecimal cost)
      implements OfAgent<Spend> {}

  /**
   * Keeps a reservation charged, because the outcome of its call is unknown, until it is settled
   * after all. Always counts.
   */
  record Estimate(AgentId agent, long fence, String reservationId) implements OfAgent<Spend> {}

  /** Gives a reservation back; the call was never made. Always counts. */
  record Release(AgentId agent, long fence, String reservationId) implements OfAgent<Spend> {}

  /**
   * Asks whether the result of an action that reserved nothing may still be used. Changes nothing.
   */
  record Admit(AgentId agent, long fence, String actionId) implements OfAgent<Void> {}

  // ---- approvals

  /** Asks a person. */
  record RequestApproval(AgentId agent, long fence, ApprovalRequest request)
      implements OfAgent<ApprovalState> {}

  /**
   * Answers a request. Refused with {@code UNKNOWN}, {@code NOT_PENDING}, {@code EXPIRED}, {@code
   * WRONG_DIGEST}, {@code REQUESTER} or {@code AGENT}.
   */
  record DecideApproval(String approvalId, ApprovalDecision decision)
      implements Command<ApprovalState> {}

  /**
   * Marks a request as expired if its time has passed and nobody decided. Refused with {@code
   * UNKNOWN}, {@code NOT_PENDING} or {@code NOT_YET}.
   */
  record ExpireApproval(String approvalId) implements Command<ApprovalState> {}

  /** Uses an approval up, once; refused with {@code NOT_APPROVED} or {@code WRONG_DIGEST}. */
  record UseApproval(AgentId agent, long fence, String approvalId, Digest digest)
      implements OfAgent<ApprovalState> {}
}

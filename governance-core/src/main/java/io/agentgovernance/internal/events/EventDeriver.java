// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which events a change makes. Pure: the same change always makes the same ones. {@link
 * Command.Progress} makes none here, because {@link ProgressMeter} thins it out.
 */
final class EventDeriver {
  private static final String AGENT_ID = "agent_id";
  private static final String APPROVAL_ID = "approval_id";
  private static final String DIGEST = "digest";
  private static final String FROM = "from";
  private static final String HANDOFF_ID = "handoff_id";
  private static final String PHASE = "phase";
  private static final String PROPOSAL_ID = "proposal_id";
  private static final String REASON = "reason";
  private static final String REPEATS = "repeats";
  private static final String STATE = "state";
  private static final String STATUS = "status";
  private static final String TOTAL = "total";
  private static final String EVERYBODY = "*";
  private static final String RUNTIME = "java";

  private final Change change;
  private final List<EventDraft> drafts = new ArrayList<>(3);

  private EventDeriver(Change change) {
    this.change = change;
  }

  /** The drafts of a change: the command's own, then its effects', the terminal one last. */
  static List<EventDraft> derive(Change change) {
    var deriver = new EventDeriver(change);
    deriver.command();
    deriver.effects();
    return deriver.drafts;
  }

  private EventDraft add(String type) {
    EventDraft draft = EventDraft.of(type);
    drafts.add(draft);
    return draft;
  }

  private void command() {
    Command<?> command = change.command();
    if (command instanceof Command.OfAgent<?> own) {
      if (!work(own) && !sharing(own) && !isSilent(own)) {
        throw new AssertionError(command.getClass());
      }
    } else if (command instanceof Command.Note c) {
      note(c);
    } else if (command instanceof Command.SetStatus c) {
      if (change.effects().stream().noneMatch(Effect.StatusChanged.class::isInstance)) {
        status(null, c.status());
      }
    } else if (command instanceof Command.Stop c) {
      add(EventTypes.STOP_REQUESTED).with("by", c.by()).with(REASON, c.reason());
    } else if (command instanceof Command.Spawn c) {
      spawn(c);
    } else if (command instanceof Command.GiveUpHandoff c) {
      add(EventTypes.HANDOFF_UNCLAIMED).with(HANDOFF_ID, c.handoffId()).with(FROM, leaver());
    } else if (command instanceof Command.DecideApproval c) {
      gateDecided(c.approvalId());
    } else if (command instanceof Command.ExpireApproval c) {
      gateDecided(c.approvalId());
    } else {
      throw new AssertionError(command.getClass());
    }
  }

  /** What an agent does by itself. */
  private boolean work(Command.OfAgent<?> command) {
    if (command instanceof Command.Settle c) {
      add(EventTypes.USAGE)
          .with(AGENT_ID, c.agent())
          .with("prompt_tokens", c.promptTokens())
          .with("completion_tokens", c.completionTokens())
          .with("cost", c.cost());
    } else if (command instanceof Command.EnterPhase c) {
      add(EventTypes.AGENT_PHASE)
          .with(AGENT_ID, c.agent())
          .with(PHASE, c.phase())
          .with("output_type", c.phase().outputType().orElse(null));
    } else if (command instanceof Command.FinishPhase c) {
      add(EventTypes.AGENT_OUTPUT)
          .with(AGENT_ID, c.agent())
          .with(PHASE, c.output().phase())
          .with("type", c.output().type())
          .with(DIGEST, c.output().digest());
      add(EventTypes.CHECKPOINT_CREATED).with(AGENT_ID, c.agent()).with(PHASE, c.output().phase());
    } else if (command instanceof Command.RecordError c) {
      error(c);
    } else if (command instanceof Command.Clarify c) {
      add(EventTypes.PLAN_CLARIFIED)
          .with(AGENT_ID, c.agent())
          .with(REASON, c.plan().reason())
          .with("clarifications", c.plan().clarifications());
    } else if (command instanceof Command.RequestApproval c) {
      gate(EventTypes.GATE_OPENED, c.request(), ApprovalState.State.PENDING, "")
          .with("expires_at", c.request().expiresAt());
    } else {
      return false;
    }
    return true;
  }

  /** What an agent does with others. */
  private boolean sharing(Command.OfAgent<?> command) {
    if (command instanceof Command.Write c) {
      Long version = change.result() instanceof BlackboardEntry entry ? entry.version() : null;
      add(EventTypes.BLACKBOARD_WRITE)
          .with(AGENT_ID, c.agent())
          .with("key", c.key())
          .with("version", version);
    } else if (command instanceof Command.Send c) {
      Long sequence = change.result() instanceof AgentMessage sent ? sent.sequence() : null;
      add(EventTypes.AGENT_MESSAGE)
          .with(FROM, c.agent())
          .with("to", c.to() == null ? EVERYBODY : c.to())
          .with("content", c.content())
          .with("sequence", sequence);
    } else if (command instanceof Command.Propose c) {
      propose(c);
    } else if (command instanceof Command.Cast c) {
      add(EventTypes.VOTE_CAST)
          .with(PROPOSAL_ID, c.proposalId())
          .with("voter", c.agent())
          .with("choice", c.choice());
    } else if (command instanceof Command.Solve c) {
      Payload solution = c.solution();
      add(EventTypes.SOLUTION_WRITTEN).with(AGENT_ID, c.agent()).late(DIGEST, solution::digest);
    } else if (command instanceof Command.ClaimHandoff c) {
      add(EventTypes.HANDOFF_CLAIMED)
          .with(HANDOFF_ID, c.handoffId())
          .with(AGENT_ID, c.agent())
          .with(FROM, leaver());
    } else {
      return false;
    }
    return true;
  }

  /** What nobody needs to be told of, or is told of by its effects. */
  private static boolean isSilent(Command.OfAgent<?> command) {
    return command instanceof Command.Heartbeat
        || command instanceof Command.Progress
        || command instanceof Command.Reserve
        || command instanceof Command.Release
        || command instanceof Command.Estimate
        || command instanceof Command.Acknowledge
        || command instanceof Command.Admit
        || command instanceof Command.UseApproval
        || command instanceof Command.SetAgentStatus
        || command instanceof Command.Decide;
  }

  private void effects() {
    PipelineStatus ended = null;
    for (Effect effect : change.effects()) {
      if (effect instanceof Effect.StatusChanged e) {
        status(e.from(), e.to());
        ended = e.to().isTerminal() ? e.to() : ended;
      } else if (effect instanceof Effect.AgentChanged e) {
        add(EventTypes.AGENT_STATUS)
            .with(AGENT_ID, e.agent())
            .with(FROM, e.from())
            .with("to", e.to());
        if (e.to() == AgentStatus.REVOKED) {
          add(EventTypes.AGENT_REVOKED).with(AGENT_ID, e.agent()).with(REASON, e.failure());
        }
      } else if (effect instanceof Effect.ProposalDecided e) {
        decided(e.proposal());
      } else if (effect instanceof Effect.HandedOff e) {
        add(EventTypes.HANDOFF_CREATED)
            .with(HANDOFF_ID, e.handoff().id())
            .with(FROM, e.handoff().from())
            .with(STATE, e.handoff().state());
      } else if (!(effect instanceof Effect.SameValue)) {
        throw new AssertionError(effect.getClass());
      }
    }
    if (change.command() instanceof Command.SetStatus c && c.status().isTerminal()) {
      complete(c.status(), c.detail().isEmpty() ? Map.of() : c.detail());
    } else if (ended != null) {
      complete(ended, Map.of());
    }
  }

  private void status(@Nullable PipelineStatus from, PipelineStatus to) {
    add(EventTypes.PIPELINE_STATUS).with(FROM, from).with(STATUS, to);
  }

  private void complete(PipelineStatus status, Object results) {
    add(EventTypes.ORCHESTRATION_COMPLETE).with(STATUS, status).with("results", results);
  }

  /** A note never ends a run, only its status does; and one without a proper type says nothing. */
  private void note(Command.Note c) {
    if (EventTypes.isWellFormed(c.type()) && !c.type().equals(EventTypes.ORCHESTRATION_COMPLETE)) {
      drafts.add(EventDraft.of(c.type(), c.data()).with(AGENT_ID, c.agent()));
    }
  }

  private void spawn(Command.Spawn c) {
    add(EventTypes.AGENT_SPAWNED)
        .with(AGENT_ID, c.agent())
        .with("role", c.role())
        .with("runtime", RUNTIME)
        .with("tier", c.tier())
        .with("version", c.version())
        .with("successor_of", c.successorOf());
    if (c.reason() != null) {
      add(EventTypes.GAMMA_SPAWNED).with(REASON, c.reason()).with(AGENT_ID, c.agent());
    }
  }

  private void error(Command.RecordError c) {
    EventDraft recorded =
        add(EventTypes.ERROR_RECORDED)
            .with(AGENT_ID, c.agent())
            .with("signature", c.signature())
            .with("violation", c.violation());
    if (change.result() instanceof ErrorTally tally) {
      recorded.with(TOTAL, tally.total()).with(REPEATS, tally.repeats());
      if (tally.consequences().contains(ErrorTally.Consequence.WARN)) {
        add(EventTypes.BUDGET_WARNING)
            .with(AGENT_ID, c.agent())
            .with("kind", "errors")
            .with(TOTAL, tally.total())
            .with(REPEATS, tally.repeats())
            .with("violations", tally.violations());
      }
    }
  }

  private void propose(Command.Propose c) {
    EventDraft posted =
        add(EventTypes.PROPOSAL_POSTED).with(PROPOSAL_ID, c.proposalId()).with("author", c.agent());
    if (change.result() instanceof Proposal proposal) {
      var electorate = proposal.electorate();
      posted
          .with(DIGEST, proposal.digest())
          .late("electorate", () -> electorate.stream().map(Object::toString).sorted().toList())
          .with("quorum", proposal.quorum());
    }
  }

  private void decided(Proposal proposal) {
    if (proposal.state() == Proposal.State.ACCEPTED) {
      add(EventTypes.CONSENSUS_REACHED)
          .with(PROPOSAL_ID, proposal.id())
          .with("votes", Map.of("accept", proposal.accepts(), "reject", proposal.rejects()))
          .with("decided_by", proposal.decidedBy())
          .with("uncontested", proposal.uncontested());
    }
  }

  private void gateDecided(String approvalId) {
    if (change.result() instanceof ApprovalState decided) {
      gate(EventTypes.GATE_DECIDED, decided.request(), decided.state(), decided.by());
    } else {
      add(EventTypes.GATE_DECIDED).with(APPROVAL_ID, approvalId);
    }
  }

  private EventDraft gate(
      String type, ApprovalRequest request, ApprovalState.State state, String by) {
    return add(type)
        .with(APPROVAL_ID, request.id())
        .with(AGENT_ID, request.agent())
        .with("action", request.action())
        .with("policy", request.policy())
        .with(STATE, state)
        .with("by", by);
  }

  private @Nullable Object leaver() {
    return change.result() instanceof Handoff handoff ? handoff.from() : null;
  }
}

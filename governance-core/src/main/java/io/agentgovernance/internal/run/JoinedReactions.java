// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a run that another process coordinates means to the agents of it that run here.
 * {@link #to} is called by any thread, in the order of changes, and waits for nothing.
 */
final class JoinedReactions {
  private final JoinedRun run;
  private final JoinedParts parts;

  JoinedReactions(JoinedRun run, JoinedParts parts) {
    this.run = run;
    this.parts = parts;
  }

  void to(Change change) {
    Command<?> command = change.command();
    List<AgentRunner> agents = run.agents();
    if (command instanceof Command.Stop stop) {
      boolean late = stop.by().equals(Ending.LIBRARY) && stop.reason().equals(Ending.DEADLINE);
      run.cancelAll(late ? Cause.DEADLINE : Cause.STOPPED);
    } else if (command instanceof Command.Note note
        && note.type().equals(EventTypes.AGENT_ADMITTED)) {
      AgentId admitted = note.agent();
      if (admitted != null) {
        run.post(() -> run.admitted(admitted));
      }
    } else if (Directives.concerns(change)) {
      run.post(() -> Directives.tell(run.store(), run.agents(), change));
    } else if (command instanceof Command.RequestApproval
        || change.result() instanceof ApprovalState) {
      run.post(this::approvalsChanged);
    }
    change.effects().forEach(effect -> react(agents, effect));
    if (Reactions.wakes(command)) {
      agents.forEach(AgentRunner::wake);
    }
  }

  private void react(List<AgentRunner> agents, Effect effect) {
    if (effect instanceof Effect.AgentChanged changed && changed.to() == AgentStatus.REVOKED) {
      for (AgentRunner agent : agents) {
        if (agent.id().equals(changed.agent())) {
          agent.control().cancel(Cause.REVOKED);
        }
      }
    } else if (effect instanceof Effect.HandedOff) {
      run.post(this::claimOpen);
    } else if (effect instanceof Effect.StatusChanged changed && changed.to().isTerminal()) {
      run.cancelAll(Cause.RUN_ENDED);
      run.post(() -> run.afterAgents(() -> run.finish(new JoinEnd.RunEnded(changed.to()))));
    }
  }

  private void approvalsChanged() {
    parts.lookAtTime();
    run.agents().forEach(AgentRunner::wake);
    run.restart();
  }

  /** Whether an agent waits for a person. */
  boolean waits(AgentRunner agent) {
    return run.store().approvals().stream()
        .anyMatch(
            asked ->
                asked.state() == ApprovalState.State.PENDING
                    && asked.request().agent().equals(agent.id()));
  }

  /** Claims what was left to an agent that runs here. */
  void claimOpen() {
    for (Handoff handoff : run.store().handoffs()) {
      AgentRunner partner =
          handoff.state() == Handoff.State.OPEN
              ? here(Succession.partner(run.store().agents(), handoff))
              : null;
      if (partner != null) {
        claim(partner, handoff);
      }
    }
  }

  private @Nullable AgentRunner here(@Nullable AgentId id) {
    for (AgentRunner agent : run.agents()) {
      if (agent.id().equals(id)) {
        return agent;
      }
    }
    return null;
  }

  private void claim(AgentRunner partner, Handoff handoff) {
    Applied<Handoff> claimed =
        run.store().apply(new Command.ClaimHandoff(partner.id(), partner.fence(), handoff.id()));
    if (claimed.status() == Applied.Status.OK) {
      Handoff mine = handoff.claimed(partner.id());
      parts
          .evidence()
          .note(
              handoff.from(),
              LedgerTypes.HANDOFF,
              handoff.id() + "/" + RunNotes.ledgered(mine),
              RunNotes.handoff(mine));
      partner.notice(Succession.notice(handoff));
      partner.wake();
    }
  }
}

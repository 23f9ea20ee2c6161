// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.core.AgentStatus;

/** What a change of the shared state sets off: progress, wake-ups, decisions. */
final class Reactions {
  private Reactions() {}

  static void to(RunCoordinator run, Change change) {
    Command<?> command = change.command();
    if (isProgress(change)) {
      run.run().stuck().progress();
    }
    Directives.tell(run.run().store(), run.agents(), change);
    for (Effect effect : change.effects()) {
      react(run, effect);
    }
    if (command instanceof Command.Propose) {
      run.post(run.mediations()::lookAtProposals);
    } else if (command instanceof Command.RequestApproval c) {
      run.post(() -> run.approvals().requested(c.request()));
    } else if (change.result() instanceof ApprovalState state
        && (command instanceof Command.DecideApproval
            || command instanceof Command.ExpireApproval)) {
      run.post(() -> run.approvals().decided(state));
    }
    if (wakes(command)) {
      run.agents().forEach(AgentRunner::wake);
    }
  }

  private static void react(RunCoordinator run, Effect effect) {
    if (effect instanceof Effect.AgentChanged changed) {
      changed(run, changed);
    } else if (effect instanceof Effect.HandedOff handedOff) {
      run.post(() -> run.succession().handedOff(handedOff.handoff()));
    } else if (effect instanceof Effect.ProposalDecided decided) {
      RunNotes.decided(run.run(), decided.proposal());
      run.post(run.mediations()::lookAtProposals);
    } else if (effect instanceof Effect.StatusChanged changed && changed.to().isTerminal()) {
      run.post(run.conclusion()::publish);
    }
  }

  private static void changed(RunCoordinator run, Effect.AgentChanged changed) {
    AgentRunner agent =
        changed.to() == AgentStatus.REVOKED ? run.members().find(changed.agent()) : null;
    if (agent != null) {
      run.members().cancel(agent, Cause.REVOKED);
    }
  }

  private static boolean isProgress(Change change) {
    Command<?> command = change.command();
    if (command instanceof Command.Write) {
      return change.effects().stream().noneMatch(Effect.SameValue.class::isInstance);
    }
    return command instanceof Command.EnterPhase
        || command instanceof Command.FinishPhase
        || command instanceof Command.Send
        || command instanceof Command.Propose
        || command instanceof Command.Cast
        || command instanceof Command.Decide
        || command instanceof Command.Solve
        || command instanceof Command.Progress
        || command instanceof Command.Heartbeat;
  }

  static boolean wakes(Command<?> command) {
    return !(command instanceof Command.Reserve
        || command instanceof Command.Settle
        || command instanceof Command.Release
        || command instanceof Command.Estimate
        || command instanceof Command.Progress
        || command instanceof Command.Heartbeat
        || command instanceof Command.Acknowledge
        || command instanceof Command.EnterPhase);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The commands of one agent: whether it may act, its phases, errors and money. An instance lives
 * for one command, under whatever lock the machine's owner holds.
 */
final class AgentCommands {
  private final RunMachine run;
  private final AgentRecord agent;
  private final Instant now;

  AgentCommands(RunMachine run, AgentRecord agent, Instant now) {
    this.run = run;
    this.agent = agent;
    this.now = now;
  }

  Applied<?> dispatch(Command.OfAgent<?> command) {
    if (command instanceof Command.Settle c) {
      return settle(c);
    } else if (command instanceof Command.Estimate c) {
      return close(c, c.reservationId());
    } else if (command instanceof Command.Release c) {
      return close(c, c.reservationId());
    } else if (command instanceof Command.SetAgentStatus c) {
      return setStatus(c);
    }
    Status gate = gate(command.fence());
    if (gate != Status.OK) {
      return Applied.refused(gate, reason(gate));
    }
    if (agent.ended()) {
      return Applied.refused(Status.CONFLICT, "AGENT_ENDED");
    }
    return act(command);
  }

  /** Whether the agent may act at all. */
  private Status gate(long fence) {
    if (agent.status == AgentStatus.REVOKED) {
      return Status.REVOKED;
    }
    if (run.over()) {
      return Status.STOPPED;
    }
    return run.fenced(agent.spawn.agent(), fence) ? Status.FENCED : Status.OK;
  }

  private static String reason(Status gate) {
    return gate == Status.FENCED ? RunMachine.STALE_LEASE : gate.name();
  }

  private Applied<?> act(Command.OfAgent<?> command) {
    if (command instanceof Command.EnterPhase c) {
      return enter(c);
    } else if (command instanceof Command.FinishPhase c) {
      return finish(c);
    } else if (command instanceof Command.RecordError c) {
      return recordError(c);
    } else if (command instanceof Command.Clarify c) {
      return clarify(c);
    } else if (command instanceof Command.Heartbeat c) {
      return heartbeat(c);
    } else if (command instanceof Command.Progress c) {
      return progress(c);
    } else if (command instanceof Command.Write c) {
      Applied<?> written = run.board.write(run, c, now);
      return run.repeatedValue() ? written : progressing(written);
    } else if (command instanceof Command.Send c) {
      return progressing(run.messages.send(run, c, now));
    } else if (command instanceof Command.Acknowledge c) {
      return acknowledge(c);
    } else if (command instanceof Command.Propose c) {
      return progressing(voting().propose(c));
    } else if (command instanceof Command.Cast c) {
      return progressing(voting().cast(c));
    } else if (command instanceof Command.Decide c) {
      return progressing(voting().decide(c));
    } else if (command instanceof Command.Solve c) {
      return progressing(voting().solve(c));
    } else if (command instanceof Command.ClaimHandoff c) {
      return claim(c);
    } else if (command instanceof Command.Reserve c) {
      return reserve(c);
    } else if (command instanceof Command.Admit) {
      return Applied.ok(0, null);
    } else if (command instanceof Command.RequestApproval c) {
      return new ApprovalCommands(run, now).request(c);
    } else if (command instanceof Command.UseApproval c) {
      return new ApprovalCommands(run, now).use(c);
    }
    throw new AssertionError(command);
  }

  private VotingCommands voting() {
    return new VotingCommands(run, agent, now);
  }

  private Applied<?> progressing(Applied<?> applied) {
    if (applied.status() == Status.OK) {
      agent.heartbeats = 0;
    }
    return applied;
  }

  private Applied<?> enter(Command.EnterPhase c) {
    AgentPhase current = agent.phase;
    if (current == c.phase()) {
      return Applied.dup(0, current);
    }
    boolean legal =
        current == null
            ? c.phase() == AgentPhase.BOOTSTRAP
            : agent.finished(current) && current.next().filter(c.phase()::equals).isPresent();
    if (!legal) {
      return Applied.refused(Status.CONFLICT, "PHASE_JUMP");
    }
    agent.phase = c.phase();
    agent.heartbeats = 0;
    List<Effect> effects = List.of();
    if (agent.status == AgentStatus.PENDING) {
      effects =
          List.of(
              new Effect.AgentChanged(
                  agent.spawn.agent(), AgentStatus.PENDING, AgentStatus.RUNNING, ""));
      agent.status = AgentStatus.RUNNING;
    }
    return run.made(c, now, c.phase(), effects);
  }

  private Applied<?> finish(Command.FinishPhase c) {
    AgentOutput before = agent.output(c.output().phase());
    if (before != null) {
      return Applied.dup(0, before);
    }
    if (agent.phase != c.output().phase()) {
      return Applied.refused(Status.CONFLICT, "PHASE_JUMP");
    }
    agent.outputs.add(c.output());
    agent.heartbeats = 0;
    return run.made(c, now, c.output(), List.of());
  }

  private Applied<?> setStatus(Command.SetAgentStatus c) {
    if (run.fenced(agent.spawn.agent(), c.fence())) {
      return Applied.refused(Status.FENCED, RunMachine.STALE_LEASE);
    }
    if (agent.status == c.status()) {
      return Applied.dup(0, agent.view());
    }
    if (agent.ended()) {
      return Applied.refused(
          agent.status == AgentStatus.REVOKED ? Status.REVOKED : Status.CONFLICT, "AGENT_ENDED");
    }
    if (c.status() == AgentStatus.REVOKED) {
      return Applied.refused(Status.CONFLICT, "ONLY_ERRORS_REVOKE");
    }
    boolean ending = AgentRecord.ended(c.status());
    if (run.over() && (!ending || c.status() == AgentStatus.COMPLETED)) {
      return Applied.refused(Status.STOPPED, "STOPPED");
    }
    List<Effect> effects = new ArrayList<>(2);
    if (ending) {
      run.end(agent, c.status(), c.failure(), now, effects);
    } else {
      effects.add(
          new Effect.AgentChanged(agent.spawn.agent(), agent.status, c.status(), c.failure()));
      agent.status = c.status();
    }
    return run.made(c, now, agent.view(), effects);
  }

  private Applied<?> recordError(Command.RecordError c) {
    if (agent.counted(c.errorId())) {
      return Applied.dup(0, agent.tally(c.signature()));
    }
    ErrorTally tally = agent.count(c);
    List<Effect> effects = new ArrayList<>(2);
    if (tally.revoked()) {
      run.end(agent, AgentStatus.REVOKED, c.message(), now, effects);
    }
    return run.made(c, now, tally, effects);
  }

  private Applied<?> clarify(Command.Clarify c) {
    if (agent.clarifiedPlan != null) {
      return Applied.dup(0, agent.clarifiedPlan);
    }
    agent.clarifiedPlan = c.plan();
    return run.made(c, now, c.plan(), List.of());
  }

  private Applied<?> heartbeat(Command.Heartbeat c) {
    if (agent.heartbeats >= Command.Heartbeat.MAX_IN_A_ROW) {
      return Applied.refused(Status.CONFLICT, "NO_PROGRESS");
    }
    agent.heartbeats++;
    return run.made(c, now, Command.Heartbeat.MAX_IN_A_ROW - agent.heartbeats, List.of());
  }

  private Applied<?> progress(Command.Progress c) {
    agent.heartbeats = 0;
    return run.made(c, now, null, List.of());
  }

  private Applied<?> acknowledge(Command.Acknowledge c) {
    if (c.sequence() <= agent.readUpTo) {
      return Applied.dup(0, agent.readUpTo);
    }
    agent.readUpTo = c.sequence();
    return run.made(c, now, agent.readUpTo, List.of());
  }

  private Applied<?> claim(Command.ClaimHandoff c) {
    Handoff handoff = run.handoffs.get(c.handoffId());
    if (handoff == null) {
      return Applied.refused(Status.CONFLICT, "UNKNOWN_HANDOFF");
    }
    if (handoff.state() != Handoff.State.OPEN) {
      return agent.spawn.agent().equals(handoff.claimedBy())
          ? Applied.dup(0, handoff)
          : Applied.refused(Status.CONFLICT, "ALREADY_CLAIMED");
    }
    Handoff claimed = handoff.claimed(agent.spawn.agent());
    run.handoffs.put(claimed.id(), claimed);
    return run.made(c, now, claimed, List.of());
  }

  private Applied<?> reserve(Command.Reserve c) {
    if (run.spend.open(c.reservationId()) != null) {
      return Applied.dup(0, run.spend.total());
    }
    if (!run.spend.affords(c)) {
      return Applied.refused(Status.CONFLICT, "SPENT");
    }
    run.spend.reserve(c, agent);
    return run.made(c, now, run.spend.total(), List.of());
  }

  /**
   * The usage always counts, also in place of an estimate; whether the reply does, says the status.
   */
  private Applied<?> settle(Command.Settle c) {
    Command.Reserve open = run.spend.open(c.reservationId());
    Command.Reserve estimate = open == null ? run.spend.estimate(c.reservationId()) : null;
    Status gate = gate(c.fence());
    if (gate == Status.OK && agent.ended()) {
      gate = Status.STOPPED;
    }
    if (open != null) {
      run.spend.settle(open, c, agent);
    } else if (estimate != null) {
      run.spend.reconcile(estimate, c, agent);
    } else {
      return gate == Status.OK
          ? Applied.dup(0, run.spend.total())
          : Applied.refused(gate, reason(gate));
    }
    Applied<?> made = run.made(c, now, run.spend.total(), List.of());
    return gate == Status.OK
        ? made
        : new Applied<>(gate, made.sequence(), run.spend.total(), reason(gate));
  }

  private Applied<?> close(Command.OfAgent<?> c, String reservationId) {
    Command.Reserve reserve = run.spend.open(reservationId);
    if (reserve == null) {
      return Applied.dup(0, run.spend.total());
    }
    if (c instanceof Command.Estimate) {
      run.spend.estimate(reserve, agent);
    } else {
      run.spend.release(reserve, agent);
    }
    return run.made(c, now, run.spend.total(), List.of());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one run: applies commands one after the other. It knows no threads, no clock
 * and no I/O; whoever owns it calls it under one lock.
 */
final class RunMachine {
  static final String STALE_LEASE = "STALE_LEASE";
  static final int MAX_AGENTS = 256;
  static final int MAX_VALUE_BYTES = 4 * 1024 * 1024;

  private final RunTerms terms;
  private final Fencing fencing;
  final Map<AgentId, AgentRecord> agents = new LinkedHashMap<>(8);
  final BoardBook board;
  final MessageBook messages;
  final ProposalBook proposals;
  final Map<String, Handoff> handoffs = new LinkedHashMap<>(2);
  final ApprovalBook approvals;
  final SpendBook spend;
  PipelineStatus status = PipelineStatus.ORCHESTRATING;
  boolean stopped;
  @Nullable Payload solution;
  private long sequence;
  private boolean replaying;
  private @Nullable Change last;

  /** Says whether a token is the current one of a resource. It is not asked about token 0. */
  @FunctionalInterface
  interface Fencing {
    boolean current(String resource, long token);
  }

  RunMachine(RunTerms terms, Fencing fencing) {
    this.terms = terms;
    this.fencing = fencing;
    this.board = new BoardBook();
    this.messages = new MessageBook();
    this.proposals = new ProposalBook();
    this.approvals = new ApprovalBook();
    this.spend = new SpendBook(terms.spend());
  }

  /** A machine in the state of another one, which goes its own way from here. */
  RunMachine(RunMachine origin, Fencing fencing) {
    this.terms = origin.terms;
    this.fencing = fencing;
    this.board = new BoardBook(origin.board);
    this.messages = new MessageBook(origin.messages);
    this.proposals = new ProposalBook(origin.proposals);
    this.approvals = new ApprovalBook(origin.approvals);
    this.spend = new SpendBook(origin.spend);
    origin.agents.forEach((id, agent) -> agents.put(id, new AgentRecord(agent)));
    handoffs.putAll(origin.handoffs);
    status = origin.status;
    stopped = origin.stopped;
    solution = origin.solution;
    sequence = origin.sequence;
  }

  /** The sequence of the latest change. */
  long sequence() {
    return sequence;
  }

  /** The change made by the latest command, or null if it made none. */
  @Nullable Change takeChange() {
    Change change = last;
    last = null;
    return change;
  }

  @SuppressWarnings("unchecked") // each branch answers with the result type its command declares
  <R> Applied<R> apply(Command<R> command, Instant now) {
    return (Applied<R>) dispatch(command, now);
  }

  /**
   * Applies a command that took effect before, as it was then: its token is not looked at.
   *
   * @return the change it makes
   * @throws CheckpointUnreadableException if it has no effect here, or not in this place
   */
  Change again(long place, Instant at, Command<?> command) {
    Applied<?> applied;
    replaying = true;
    try {
      sequence = Math.max(sequence, place - 1);
      applied = dispatch(command, at);
    } finally {
      replaying = false;
    }
    Change change = takeChange();
    if (change == null || change.sequence() != place) {
      throw new CheckpointUnreadableException(
          "run '" + terms.run() + "', change " + place,
          command.getClass().getSimpleName() + " " + applied.status() + " " + applied.reason(),
          "a command that takes effect after those before it",
          "The checkpoints are damaged, or were written by a version that decides otherwise;"
              + " resume with the version that wrote them.");
    }
    return change;
  }

  private Applied<?> dispatch(Command<?> command, Instant now) {
    if (command instanceof Command.OfAgent<?> own) {
      AgentRecord agent = agents.get(own.agent());
      if (agent == null) {
        return Applied.refused(Status.CONFLICT, "UNKNOWN_AGENT");
      }
      return new AgentCommands(this, agent, now).dispatch(own);
    }
    if (command instanceof Command.OfCoordinator<?> own) {
      if (fenced(Lease.COORDINATOR, own.fence())) {
        return Applied.refused(Status.FENCED, STALE_LEASE);
      }
    }
    if (command instanceof Command.SetStatus c) {
      return setStatus(c, now);
    } else if (command instanceof Command.Stop c) {
      return stop(c, now);
    } else if (command instanceof Command.Spawn c) {
      return spawn(c, now);
    } else if (command instanceof Command.GiveUpHandoff c) {
      return giveUp(c, now);
    } else if (command instanceof Command.Note c) {
      return made(c, now, null, List.of());
    } else if (command instanceof Command.DecideApproval c) {
      return new ApprovalCommands(this, now).decide(c);
    } else if (command instanceof Command.ExpireApproval c) {
      return new ApprovalCommands(this, now).expire(c);
    }
    throw new AssertionError(command);
  }

  <R> Applied<R> made(Command<?> command, Instant now, @Nullable R result, List<Effect> effects) {
    sequence++;
    last = new Change(sequence, now, command, result, effects);
    return Applied.ok(sequence, result);
  }

  /** Whether the latest command wrote the value that was there. */
  boolean repeatedValue() {
    Change change = last;
    if (change != null) {
      for (Effect effect : change.effects()) {
        if (effect instanceof Effect.SameValue) {
          return true;
        }
      }
    }
    return false;
  }

  boolean over() {
    return stopped || status.isTerminal();
  }

  boolean fenced(AgentId agent, long fence) {
    return fenced(agent.value(), fence);
  }

  /** Whether a token is stale; 0 is nobody's, also while nobody holds the lease. */
  private boolean fenced(String resource, long fence) {
    return !replaying && (fence == 0 || !fencing.current(resource, fence));
  }

  RunTerms terms() {
    return terms;
  }

  private Applied<PipelineStatus> setStatus(Command.SetStatus c, Instant now) {
    if (status == c.status()) {
      return Applied.dup(0, status);
    }
    if (status.isTerminal()) {
      return Applied.refused(Status.CONFLICT, "ENDED");
    }
    Effect effect = new Effect.StatusChanged(status, c.status());
    status = c.status();
    return made(c, now, status, List.of(effect));
  }

  private Applied<PipelineStatus> stop(Command.Stop c, Instant now) {
    if (status.isTerminal()) {
      return Applied.refused(Status.CONFLICT, "ENDED");
    }
    if (stopped) {
      return Applied.dup(0, status);
    }
    stopped = true;
    return made(c, now, status, List.of());
  }

  private Applied<?> spawn(Command.Spawn c, Instant now) {
    AgentRecord before = agents.get(c.agent());
    if (before != null) {
      return Applied.dup(0, before.view());
    }
    if (over()) {
      return Applied.refused(Status.STOPPED, "RUN_OVER");
    }
    if (agents.size() >= MAX_AGENTS) {
      return Applied.refused(Status.CONFLICT, "LIMIT");
    }
    if (c.reason() != null) {
      for (AgentRecord other : agents.values()) {
        if (other.spawn.reason() == c.reason()) {
          return Applied.refused(Status.CONFLICT, "REASON_USED");
        }
        if (other.mediator() && other.active()) {
          return Applied.refused(Status.CONFLICT, "MEDIATOR_ACTIVE");
        }
      }
    }
    AgentId origin = c.successorOf();
    AgentRecord predecessor = origin == null ? null : agents.get(origin);
    AgentRecord agent = new AgentRecord(c, predecessor == null ? 1 : predecessor.depth + 1);
    agents.put(c.agent(), agent);
    return made(c, now, agent.view(), List.of());
  }

  private Applied<?> giveUp(Command.GiveUpHandoff c, Instant now) {
    Handoff handoff = handoffs.get(c.handoffId());
    if (handoff == null) {
      return Applied.refused(Status.CONFLICT, "UNKNOWN_HANDOFF");
    }
    if (handoff.state() == Handoff.State.UNCLAIMED) {
      return Applied.dup(0, handoff);
    }
    if (handoff.state() == Handoff.State.CLAIMED) {
      return Applied.refused(Status.CONFLICT, "ALREADY_CLAIMED");
    }
    Handoff given = handoff.unclaimed();
    handoffs.put(given.id(), given);
    return made(c, now, given, List.of());
  }

  /** Every active team agent but {@code author}; mediators do not vote. */
  Set<AgentId> electorateWithout(AgentId author) {
    Set<AgentId> electorate = new LinkedHashSet<>();
    for (AgentRecord agent : agents.values()) {
      if (agent.active() && !agent.mediator() && !agent.spawn.agent().equals(author)) {
        electorate.add(agent.spawn.agent());
      }
    }
    return electorate;
  }

  /** Ends an agent: it votes no more, and leaves its work behind unless it completed or stopped. */
  void end(AgentRecord agent, AgentStatus to, String failure, Instant now, List<Effect> effects) {
    AgentId id = agent.spawn.agent();
    effects.add(new Effect.AgentChanged(id, agent.status, to, failure));
    agent.status = to;
    agent.failure = failure;
    if ((to == AgentStatus.FAILED || to == AgentStatus.REVOKED) && !agent.mediator() && !over()) {
      Handoff handoff =
          new Handoff(
              id.value() + "/handoff",
              id,
              failure,
              agent.phase,
              agent.outputs,
              proposals.openOf(id),
              messages.unread(id, agent.readUpTo, 1_000),
              agent.depth,
              Handoff.State.OPEN,
              null,
              now);
      handoffs.put(handoff.id(), handoff);
      effects.add(new Effect.HandedOff(handoff));
    }
    proposals.remove(id, now, effects);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The commands by which agents agree on something. An instance lives for one command of an agent
 * that may act, under whatever lock the machine's owner holds.
 */
final class VotingCommands {
  private final RunMachine run;
  private final AgentRecord agent;
  private final Instant now;

  VotingCommands(RunMachine run, AgentRecord agent, Instant now) {
    this.run = run;
    this.agent = agent;
    this.now = now;
  }

  Applied<?> propose(Command.Propose c) {
    Proposal before = run.proposals.find(c.proposalId());
    if (before != null) {
      return Applied.dup(0, before);
    }
    if (run.proposals.decided()) {
      return Applied.refused(Status.CONFLICT, "CLOSED");
    }
    if (run.proposals.full()) {
      return Applied.refused(Status.CONFLICT, "LIMIT");
    }
    Set<AgentId> electorate = run.electorateWithout(agent.spawn.agent());
    return run.made(c, now, run.proposals.post(c, electorate, now), List.of());
  }

  Applied<?> cast(Command.Cast c) {
    if (run.proposals.repeats(c)) {
      return Applied.dup(0, run.proposals.find(c.proposalId()));
    }
    boolean sole = !agent.mediator() && run.electorateWithout(agent.spawn.agent()).isEmpty();
    String refusal = run.proposals.refusal(c, sole);
    if (refusal != null) {
      return Applied.refused(Status.CONFLICT, refusal);
    }
    List<Effect> effects = new ArrayList<>(2);
    Proposal proposal = run.proposals.cast(c, now, effects);
    return run.made(c, now, proposal, effects);
  }

  Applied<?> decide(Command.Decide c) {
    if (!agent.mediator()) {
      return Applied.refused(Status.CONFLICT, "NOT_MEDIATOR");
    }
    Proposal accepted = run.proposals.accepted();
    if (accepted != null
        && accepted.id().equals(c.proposalId())
        && accepted.digest().equals(c.digest())
        && accepted.decidedBy().equals(Proposal.BY_GAMMA)) {
      return Applied.dup(0, accepted);
    }
    String refusal = run.proposals.refusal(c);
    if (refusal != null) {
      return Applied.refused(Status.CONFLICT, refusal);
    }
    List<Effect> effects = new ArrayList<>(2);
    Proposal proposal = run.proposals.decide(c, now, effects);
    return run.made(c, now, proposal, effects);
  }

  Applied<?> solve(Command.Solve c) {
    if (!run.proposals.decided()) {
      return Applied.refused(Status.CONFLICT, "NOTHING_ACCEPTED");
    }
    if (run.solution != null) {
      return run.solution.equals(c.solution())
          ? Applied.dup(0, run.solution)
          : Applied.refused(Status.CONFLICT, "ALREADY_SOLVED");
    }
    boolean writer = agent.spawn.role().equals(run.terms().writer());
    boolean writerActive =
        run.agents.values().stream()
            .anyMatch(a -> a.active() && a.spawn.role().equals(run.terms().writer()));
    if (!writer && writerActive) {
      return Applied.refused(Status.CONFLICT, "NOT_WRITER");
    }
    run.solution = c.solution();
    return run.made(c, now, c.solution(), List.of());
  }
}

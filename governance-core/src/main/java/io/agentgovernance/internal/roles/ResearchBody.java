// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.model.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What ALPHA does. An instance lives for one attempt, on the agent's thread. */
final class ResearchBody {
  private final AgentContext ctx;
  private int rounds = 1;

  ResearchBody(AgentContext ctx) {
    this.ctx = ctx;
  }

  Research run() {
    Research research =
        ctx.model()
            .ask(
                RoleAgents.material(
                    ctx, Prompts.RESEARCH.fill(Map.of("role", "ALPHA", "partner", "BETA"))))
            .read(Research.class);
    ctx.blackboard().put("research/findings", research.findings());
    propose(research.proposal());
    ctx.broadcast(Map.of("findings", research.findings()));
    defend(research);
    return research;
  }

  private void propose(ProposalDraft draft) {
    try {
      ctx.propose(draft);
    } catch (RefusedException e) {
      if (!e.code().equals("CLOSED")) {
        throw e;
      }
    }
  }

  /** Stays until a proposal is accepted and its solution written, or nothing more can be done. */
  private void defend(Research research) {
    while (true) {
      List<Proposal> proposals = ctx.proposals();
      Optional<Proposal> accepted = ctx.accepted();
      if (accepted.isPresent()) {
        conclude(accepted.get());
        return;
      }
      if (act(proposals, research)) {
        continue;
      }
      if (!ctx.awaitChange(proposals, RoleAgents.PATIENCE)) {
        return;
      }
    }
  }

  /** One move, if there is one to make. */
  private boolean act(List<Proposal> proposals, Research research) {
    Optional<Proposal> other = RoleAgents.votable(ctx, proposals);
    if (other.isPresent()) {
      evaluate(other.get(), research);
      return true;
    }
    Optional<Proposal> mine = newestOwn(proposals);
    if (RoleAgents.alone(ctx)) {
      return acceptOwn(mine, research);
    }
    if (mine.isPresent()
        && mine.get().state() == Proposal.State.REJECTED
        && rounds < RoleAgents.MAX_ROUNDS) {
      rounds++;
      propose(revised(mine.get(), research));
      return true;
    }
    return false;
  }

  private Optional<Proposal> newestOwn(List<Proposal> proposals) {
    return proposals.stream()
        .filter(proposal -> proposal.author().equals(ctx.id()))
        .reduce((first, second) -> second);
  }

  /** The only agent left accepts its own proposal, posting it again if it was rejected. */
  private boolean acceptOwn(Optional<Proposal> mine, Research research) {
    try {
      Proposal own =
          mine.filter(p -> p.state() == Proposal.State.OPEN)
              .orElseGet(() -> ctx.propose(research.proposal()));
      ctx.vote(own, Ballot.Choice.ACCEPT, "the only agent left");
    } catch (RefusedException e) {
      if (!e.code().equals("CLOSED")) { // the other accepted one just before it ended
        throw e;
      }
    }
    return true;
  }

  private void evaluate(Proposal other, Research research) {
    Prompt prompt =
        RoleAgents.material(ctx, Prompts.SYNTHESIS_EVALUATE.fill(round("ALPHA", "BETA")))
            .data("proposal", other.content())
            .data("findings", research.findings());
    Evaluation evaluation = ctx.model().ask(prompt).read(Evaluation.class);
    Votes.cast(ctx, other, evaluation);
  }

  private ProposalDraft revised(Proposal rejected, Research research) {
    String critique =
        rejected.ballots().stream()
            .filter(ballot -> ballot.choice() == Ballot.Choice.REJECT)
            .map(Ballot::reason)
            .reduce("", (all, reason) -> all.isEmpty() ? reason : all + "\n" + reason);
    Prompt prompt =
        RoleAgents.material(ctx, Prompts.REVISE.fill(round("ALPHA", "BETA")))
            .data("proposal", rejected.content())
            .data("findings", research.findings())
            .data("critique", critique);
    return ctx.model().ask(prompt).read(ProposalDraft.class);
  }

  private Map<String, String> round(String role, String partner) {
    return Map.of(
        "role",
        role,
        "partner",
        partner,
        "round",
        Integer.toString(rounds),
        "max_rounds",
        Integer.toString(RoleAgents.MAX_ROUNDS));
  }

  /** The writer writes; if it ends without, this agent does. */
  private void conclude(Proposal accepted) {
    while (ctx.solution().isEmpty()) {
      List<Proposal> proposals = ctx.proposals();
      if (!RoleAgents.active(ctx, AgentRole.BETA)) {
        if (ctx.solution().isEmpty()) {
          RoleAgents.solve(ctx, accepted);
        }
        return;
      }
      ctx.awaitChange(proposals, RoleAgents.PATIENCE);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.model.Prompt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What BETA does. An instance lives for one attempt, on the agent's thread. */
final class SynthesisBody {
  private final AgentContext ctx;
  private int counters;

  SynthesisBody(AgentContext ctx) {
    this.ctx = ctx;
  }

  @Nullable Solution run() {
    Criteria criteria =
        ctx.model()
            .ask(
                RoleAgents.material(
                    ctx, Prompts.CRITERIA.fill(Map.of("role", "BETA", "partner", "ALPHA"))))
            .read(Criteria.class);
    ctx.blackboard().put("synthesis/criteria", criteria.criteria());
    while (true) {
      List<Proposal> proposals = ctx.proposals();
      Optional<Proposal> accepted = ctx.accepted();
      if (accepted.isPresent()) {
        return write(accepted.get());
      }
      if (act(proposals, criteria)) {
        continue;
      }
      if (!ctx.awaitChange(proposals, RoleAgents.PATIENCE)) {
        return null;
      }
    }
  }

  private @Nullable Solution write(Proposal accepted) {
    return ctx.solution().isPresent() ? null : RoleAgents.solve(ctx, accepted);
  }

  /** One move, if there is one to make. */
  private boolean act(List<Proposal> proposals, Criteria criteria) {
    Optional<Proposal> open = RoleAgents.votable(ctx, proposals);
    if (open.isPresent()) {
      evaluate(open.get(), criteria);
      return true;
    }
    if (RoleAgents.alone(ctx)) {
      proposeAlone(proposals);
      return true;
    }
    return false;
  }

  private void evaluate(Proposal proposal, Criteria criteria) {
    Prompt prompt =
        RoleAgents.material(
                ctx,
                Prompts.SYNTHESIS_EVALUATE.fill(
                    Map.of(
                        "role",
                        "BETA",
                        "partner",
                        "ALPHA",
                        "round",
                        Integer.toString(counters + 1),
                        "max_rounds",
                        Integer.toString(RoleAgents.MAX_ROUNDS))))
            .data("proposal", proposal.content())
            .data("criteria", criteria.criteria());
    Evaluation evaluation = ctx.model().ask(prompt).read(Evaluation.class);
    ProposalDraft counter = evaluation.counterProposal();
    if (!evaluation.accepts() && counter != null && counters < RoleAgents.MAX_ROUNDS) {
      counters++;
      propose(counter); // before the ballot: its author shall find it when it looks what to do next
    }
    Votes.cast(ctx, proposal, evaluation);
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

  /** The partner is gone: goes on with what it left, and accepts its own proposal. */
  private void proposeAlone(List<Proposal> proposals) {
    Optional<Proposal> own =
        proposals.stream()
            .filter(p -> p.author().equals(ctx.id()) && p.state() == Proposal.State.OPEN)
            .findFirst();
    Proposal proposal = own.isPresent() ? own.get() : research();
    try {
      ctx.vote(proposal, Ballot.Choice.ACCEPT, "the only agent left");
    } catch (RefusedException e) {
      if (!e.code().equals("CLOSED")) { // the other accepted one just before it ended
        throw e;
      }
    }
  }

  private Proposal research() {
    Prompt prompt =
        RoleAgents.material(
            ctx, Prompts.RESEARCH.fill(Map.of("role", "BETA", "partner", "nobody")));
    Optional<io.agentgovernance.payload.Payload> findings =
        ctx.blackboard().get("research/findings").map(e -> e.value());
    if (findings.isPresent()) {
      prompt = prompt.data("findings", findings.get());
    }
    Research research = ctx.model().ask(prompt).read(Research.class);
    ctx.blackboard().put("research/findings", research.findings());
    return ctx.propose(research.proposal());
  }
}

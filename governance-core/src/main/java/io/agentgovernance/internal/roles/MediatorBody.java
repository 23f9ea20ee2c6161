// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What GAMMA does. An instance lives for one attempt, on the agent's thread. */
final class MediatorBody {
  private final AgentContext ctx;
  private final io.agentgovernance.agent.Mediation powers;

  MediatorBody(AgentContext ctx) {
    this.ctx = ctx;
    this.powers =
        ctx.mediation()
            .orElseThrow(
                () -> new IllegalStateException("only a mediator can run the mediator's body"));
  }

  Mediation run() {
    Mediation mediation = ask(1);
    if (powers.reason() == MediationReason.CONFLICT) {
      decide(mediation);
    } else if (powers.reason() == MediationReason.COMPLEXITY
        && !mediation.subObjectives().isEmpty()) {
      powers.directAll(
          "Work through these sub-objectives in order: "
              + String.join("; ", mediation.subObjectives()));
    } else {
      powers.directAll(mediation.directive());
    }
    return mediation;
  }

  private Mediation ask(int round) {
    return ctx.model()
        .ask(
            RoleAgents.material(
                    ctx,
                    Prompts.MEDIATOR.fill(
                        Map.of(
                            "role", "GAMMA",
                            "reason", powers.reason().name(),
                            "round", Integer.toString(round),
                            "max_rounds",
                                Integer.toString(io.agentgovernance.agent.Mediation.MAX_ROUNDS))))
                .data("proposals", proposals()))
        .read(Mediation.class);
  }

  private Payload proposals() {
    List<Map<String, Object>> shown =
        ctx.proposals().stream()
            .map(
                proposal ->
                    Map.<String, Object>of(
                        "id", proposal.id(),
                        "author", proposal.author().value(),
                        "state", proposal.state().name(),
                        "content", proposal.content(),
                        "critique", proposal.ballots().stream().map(b -> b.reason()).toList()))
            .toList();
    return Payload.of(shown);
  }

  /** Chooses or merges; an id that does not exist is asked about once more. */
  private void decide(Mediation first) {
    Optional<Proposal> decided = tryDecide(first);
    if (decided.isEmpty()) {
      decided = tryDecide(ask(2));
    }
    if (decided.isPresent() && RoleAgents.alone(ctx) && ctx.solution().isEmpty()) {
      RoleAgents.solve(ctx, decided.get());
    }
  }

  private Optional<Proposal> tryDecide(Mediation mediation) {
    String chosen = mediation.chosenProposalId();
    ProposalDraft merged = mediation.merged();
    try {
      if (chosen != null && !chosen.isBlank()) {
        return Optional.of(powers.choose(chosen.strip()));
      } else if (merged != null) {
        return Optional.of(powers.merge(merged));
      }
      return Optional.empty();
    } catch (RefusedException e) {
      if (e.code().equals("CLOSED")) {
        return ctx.accepted();
      } else if (e.code().equals("UNKNOWN_PROPOSAL")) {
        return Optional.empty();
      }
      throw e;
    }
  }
}

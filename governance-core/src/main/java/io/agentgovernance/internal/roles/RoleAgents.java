// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.Document;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The standard team: ALPHA researches, BETA evaluates and synthesises, GAMMA mediates. */
public final class RoleAgents {
  /** How often ALPHA revises, and BETA counters, before they leave it to the mediator. */
  static final int MAX_ROUNDS = 3;

  static final int MAX_TOKENS = 8_000;

  /** How long an agent without further moves waits for a decision. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private RoleAgents() {}

  /** ALPHA: research, analysis, proposals. */
  public static Agent alpha() {
    return Agent.of("ALPHA", Research.class, ctx -> new ResearchBody(ctx).run())
        .tier(TrustTier.T1)
        .on(AgentPhase.PLAN, ctx -> Map.of("plan", List.of("research", "propose", "revise")));
  }

  /** BETA: criteria, evaluation, the solution. */
  public static Agent beta() {
    return Agent.of("BETA", Solution.class, ctx -> new SynthesisBody(ctx).run())
        .tier(TrustTier.T1)
        .on(AgentPhase.PLAN, ctx -> Map.of("plan", List.of("criteria", "evaluate", "solve")));
  }

  /** GAMMA: directives, decisions, decomposition. */
  public static Agent gamma() {
    return Agent.of(
            "GAMMA",
            io.agentgovernance.internal.roles.Mediation.class,
            ctx -> new MediatorBody(ctx).run())
        .tier(TrustTier.T1);
  }

  /** Adds what the run is about: objective, documents, directives. */
  static Prompt material(AgentContext ctx, Prompt prompt) {
    Prompt with = prompt.data("objective", Payload.text(ctx.objective())).maxTokens(MAX_TOKENS);
    for (Document document : ctx.documents()) {
      with = with.document(document.name(), document.text());
    }
    for (String notice : ctx.notices()) {
      with = with.data("directive", Payload.text(notice));
    }
    return with;
  }

  /** The newest open proposal of somebody else on which this agent can still vote. */
  static Optional<Proposal> votable(AgentContext ctx, List<Proposal> proposals) {
    Proposal found = null;
    for (Proposal proposal : proposals) {
      boolean mine = proposal.author().equals(ctx.id());
      boolean voted = proposal.ballots().stream().anyMatch(b -> b.voter().equals(ctx.id()));
      if (proposal.state() == Proposal.State.OPEN
          && !mine
          && !voted
          && (proposal.electorate().contains(ctx.id()) || alone(ctx))) {
        found = proposal;
      }
    }
    return Optional.ofNullable(found);
  }

  static boolean alone(AgentContext ctx) {
    return ctx.partners().isEmpty();
  }

  static boolean active(AgentContext ctx, AgentRole role) {
    return ctx.partners().contains(role);
  }

  /** Writes the solution of the accepted proposal. */
  static Solution solve(AgentContext ctx, Proposal accepted) {
    Prompt prompt =
        material(ctx, Prompts.SYNTHESIS_SOLUTION.fill(Map.of("role", ctx.role().name())))
            .data("proposal", accepted.content());
    Optional<Payload> findings = ctx.blackboard().get("research/findings").map(e -> e.value());
    if (findings.isPresent()) {
      prompt = prompt.data("findings", findings.get());
    }
    Solution solution = ctx.model().ask(prompt).read(Solution.class);
    ctx.solve(solution);
    return solution;
  }
}

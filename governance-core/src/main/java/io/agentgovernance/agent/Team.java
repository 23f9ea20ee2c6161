// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.payload.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The agents that work on an objective side by side, and how they come to a result. Immutable.
 *
 * <p>A team has a mediator unless it says otherwise; it is spawned only when the team is stuck,
 * conflicted, or faces too much complexity.
 */
public final class Team {
  /** The largest team. */
  public static final int MAX_AGENTS = 64;

  private final DecisionRule rule;
  private final List<Agent> agents;
  private final @Nullable Agent mediator;
  private final boolean mediated;
  private final Digest digest;

  private Team(DecisionRule rule, List<Agent> agents, @Nullable Agent mediator, boolean mediated) {
    this.rule = rule;
    this.agents = agents;
    this.mediator = mediator;
    this.mediated = mediated;
    this.digest = digest(rule, agents, mediated);
  }

  /**
   * A team.
   *
   * @throws BadInputException if there is no agent, two have one role, or the rule names a role
   *     that none has
   */
  public static Team of(DecisionRule rule, Agent... agents) {
    requireNonNull(rule, "rule");
    List<Agent> members = List.of(agents);
    if (members.isEmpty() || members.size() > MAX_AGENTS) {
      throw new BadInputException(
          "Team.of",
          members.size() + " agents",
          "1 to " + MAX_AGENTS + " agents",
          "Add at least one Agent.of(…).");
    }
    Set<AgentRole> roles = new HashSet<>();
    for (Agent agent : members) {
      if (agent.role().equals(AgentRole.GAMMA)) {
        throw new BadInputException(
            "Team.of",
            "an agent with the role GAMMA",
            "GAMMA only as the mediator",
            "Use Team.mediator(agent) or another role.");
      }
      if (!roles.add(agent.role())) {
        throw new BadInputException(
            "Team.of",
            "two agents with the role '" + agent.role().name() + "'",
            "one agent for each role",
            "Give each agent its own role.");
      }
    }
    AgentRole named =
        rule.match(
            DecisionRule.Quorum::writer, DecisionRule.ByRole::role, c -> members.get(0).role());
    if (!roles.contains(named)) {
      throw new BadInputException(
          "Team.of",
          "a decision rule naming the role '" + named.name() + "'",
          "one of " + members.stream().map(a -> a.role().name()).collect(Collectors.joining(", ")),
          "Name a role of the team, as in DecisionRule.quorum(\"writer\") or DecisionRule.by(\"writer\").");
    }
    return new Team(rule, members, null, true);
  }

  /** Sets the mediator in place of the library's own. */
  public Team mediator(Agent agent) {
    if (!agent.role().equals(AgentRole.GAMMA)) {
      throw new BadInputException(
          "Team.mediator",
          "the role '" + agent.role().name() + "'",
          "GAMMA",
          "Make it with Agent.of(\"GAMMA\", …).");
    }
    return new Team(rule, agents, agent, true);
  }

  /** Takes the mediator away: the team is never mediated. */
  public Team withoutMediator() {
    return new Team(rule, agents, null, false);
  }

  /** How the team comes to a result. */
  public DecisionRule rule() {
    return rule;
  }

  /** The agents. */
  public List<Agent> agents() {
    return agents;
  }

  /** The team's own mediator; empty if the library's is used or none. */
  public Optional<Agent> mediator() {
    return Optional.ofNullable(mediator);
  }

  /** Whether the team may be mediated. */
  public boolean mediated() {
    return mediated;
  }

  /** The digest of roles, versions, tiers, tools and rule: what a resumed run must find again. */
  public Digest digest() {
    return digest;
  }

  private static Digest digest(DecisionRule rule, List<Agent> agents, boolean mediated) {
    String text =
        agents.stream()
            .map(
                a ->
                    a.role().key()
                        + "@"
                        + a.version()
                        + "/"
                        + a.tier()
                        + "/"
                        + String.join(",", a.tools())
                        + "/"
                        + a.errorBudget())
            .collect(Collectors.joining("\n"));
    return Digest.sha256(rule + "\n" + text + "\n" + mediated);
  }
}

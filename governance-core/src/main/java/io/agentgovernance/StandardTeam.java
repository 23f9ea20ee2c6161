// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.internal.roles.RoleAgents;

/**
 * The library's own agents, which any objective can be given to: ALPHA researches and proposes,
 * BETA evaluates and writes the solution, GAMMA mediates when it must.
 */
public final class StandardTeam {
  private StandardTeam() {}

  /** ALPHA and BETA under the quorum rule, with GAMMA as mediator. */
  public static Team of() {
    return Team.of(DecisionRule.quorum(), alpha(), beta());
  }

  /** Research, analysis, proposals. */
  public static Agent alpha() {
    return RoleAgents.alpha();
  }

  /** Criteria, evaluation, the solution. */
  public static Agent beta() {
    return RoleAgents.beta();
  }

  /** Directives, decisions, decomposition. */
  public static Agent gamma() {
    return RoleAgents.gamma();
  }
}

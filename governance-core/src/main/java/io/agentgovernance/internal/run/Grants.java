// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.policy.Action;
import java.util.List;
import java.util.function.Predicate;

/** Whether the agent of an action was granted its tool. Thread safe. */
public final class Grants implements Predicate<Action> {
  private final LiveRuns runs;

  public Grants(LiveRuns runs) {
    this.runs = runs;
  }

  @Override
  public boolean test(Action action) {
    return granted(runs.agents(action.run()), action);
  }

  private static boolean granted(List<AgentRunner> agents, Action action) {
    for (AgentRunner agent : agents) {
      if (agent.id().equals(action.agent())) {
        return agent.definition().tools().contains(action.target());
      }
    }
    return false;
  }
}

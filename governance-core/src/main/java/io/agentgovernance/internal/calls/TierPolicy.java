// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;

/** Denies what needs a higher tier than the agent has. Stateless. */
public final class TierPolicy implements Policy {
  /** The rule of its denials. */
  public static final String RULE = "TIER";

  @Override
  public Verdict check(Action action) {
    return action.tier().covers(action.required())
        ? Verdict.allow()
        : Verdict.deny(
            RULE,
            action.name() + " needs " + action.required() + " but the agent has " + action.tier());
  }

  @Override
  public String name() {
    return "tier";
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.util.function.Predicate;

/** Denies tools the agent was not granted. Other kinds pass. As thread safe as its predicate. */
public final class GrantPolicy implements Policy {
  /** The rule of its denials. */
  public static final String RULE = "NOT_GRANTED";

  private final Predicate<Action> granted;

  /**
   * Makes the policy.
   *
   * @param granted says whether the agent of a tool action was granted its target
   */
  public GrantPolicy(Predicate<Action> granted) {
    this.granted = requireNonNull(granted, "granted");
  }

  @Override
  public Verdict check(Action action) {
    return !action.kind().equals(Action.TOOL) || granted.test(action)
        ? Verdict.allow()
        : Verdict.deny(
            RULE,
            "agent "
                + action.agent()
                + " was not granted "
                + action.name()
                + "; grant it to the agent's role");
  }

  @Override
  public String name() {
    return "grant";
  }
}

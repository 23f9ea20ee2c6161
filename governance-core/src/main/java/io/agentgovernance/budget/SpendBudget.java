// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.budget;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;

/**
 * What one run may spend on model calls: money and tokens. Both are reserved before a call and
 * settled with its real usage, so a call that could exceed the budget is refused before anything is
 * sent.
 *
 * @param cost the most a run may cost
 * @param tokens the most tokens a run may use, prompt and completion together
 */
public record SpendBudget(Money cost, long tokens) {

  /** The budget of a run that names none: 5 US dollars and 1,000,000 tokens. */
  public static final SpendBudget DEFAULT = new SpendBudget(Money.usd("5.00"), 1_000_000);

  public SpendBudget {
    requireNonNull(cost, "cost");
    if (tokens < 0) {
      throw new BadInputException(
          "SpendBudget.tokens",
          Long.toString(tokens),
          "0 or more",
          "Give the most tokens a run may use.");
    }
  }

  /** A budget for each run. */
  public static SpendBudget perRun(Money cost, long tokens) {
    return new SpendBudget(cost, tokens);
  }

  /** US dollars from decimal text; meant for a static import. */
  public static Money usd(String amount) {
    return Money.usd(amount);
  }
}

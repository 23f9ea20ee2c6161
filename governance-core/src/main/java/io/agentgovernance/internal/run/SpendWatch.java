// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Watches what a run spends: warns once when it has committed four fifths of what it may, and knows
 * whether more will be learned. Thread safe.
 */
final class SpendWatch {
  private static final BigDecimal SHARE = new BigDecimal("0.8");

  private final AtomicBoolean warned = new AtomicBoolean();
  private final Settling settling = new Settling();

  /** The calls that are asked for at their providers. */
  Settling settling() {
    return settling;
  }

  void look(AgentRunner agent, Spend spend) {
    SpendBudget budget = agent.run().terms().spend();
    boolean near =
        spend.committedTokens() >= budget.tokens() * SHARE.doubleValue()
            || (budget.cost().amount().signum() > 0
                && spend.committedCost().compareTo(budget.cost().amount().multiply(SHARE)) >= 0);
    if (!near || !warned.compareAndSet(false, true)) {
      return;
    }
    agent.notice(
        notice(
            Long.toString(spend.committedTokens()), spend.committedCost().toPlainString(), budget));
    agent
        .run()
        .store()
        .apply(
            new Command.Note(
                agent.id(),
                EventTypes.BUDGET_WARNING,
                Payload.of(
                    Map.of(
                        "kind", "spend",
                        "agent_id", agent.id().value(),
                        "tokens", spend.committedTokens(),
                        "max_tokens", budget.tokens(),
                        "cost", spend.committedCost().toPlainString(),
                        "max_cost", budget.cost().amount().toPlainString()))));
  }

  /** The run was warned by an earlier process; it is not warned again. */
  void goOnFrom(AgentRunner agent, Payload warning) {
    warned.set(true);
    agent.notice(
        notice(
            Past.text(warning, "/tokens"),
            Past.text(warning, "/cost"),
            agent.run().terms().spend()));
  }

  private static String notice(String tokens, String cost, SpendBudget budget) {
    return "The run has committed "
        + tokens
        + " of "
        + budget.tokens()
        + " tokens and "
        + cost
        + " of "
        + budget.cost()
        + ": finish soon.";
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reservations and sums of one run, exact under any interleaving because every change is made under
 * the lock of its {@link MemoryRunStore}.
 */
final class SpendBook {
  private final SpendBudget budget;
  private final Map<String, Command.Reserve> open = new HashMap<>(4);
  private final Map<String, Command.Reserve> estimates = new HashMap<>(2);
  private Spend total = Spend.NONE;

  SpendBook(SpendBudget budget) {
    this.budget = budget;
  }

  SpendBook(SpendBook origin) {
    budget = origin.budget;
    open.putAll(origin.open);
    estimates.putAll(origin.estimates);
    total = origin.total;
  }

  Spend total() {
    return total;
  }

  Command.@Nullable Reserve open(String id) {
    return open.get(id);
  }

  /** The latest reservation of an id that is charged as an estimate. */
  Command.@Nullable Reserve estimate(String id) {
    return estimates.get(id);
  }

  boolean affords(Command.Reserve reserve) {
    return reserve.tokens() >= 0
        && reserve.cost().signum() >= 0
        && reserve.tokens() <= budget.tokens() - total.committedTokens() // no sum that overflows
        && total.committedCost().add(reserve.cost()).compareTo(budget.cost().amount()) <= 0;
  }

  void reserve(Command.Reserve reserve, AgentRecord agent) {
    open.put(reserve.reservationId(), reserve);
    total = total.reserved(reserve.tokens(), reserve.cost());
    agent.spend = agent.spend.reserved(reserve.tokens(), reserve.cost());
  }

  void settle(Command.Reserve reserve, Command.Settle settle, AgentRecord agent) {
    close(reserve, agent);
    add(settle, agent);
  }

  /** Puts real usage in the place of an estimate. */
  void reconcile(Command.Reserve reserve, Command.Settle settle, AgentRecord agent) {
    estimates.remove(reserve.reservationId());
    total = total.estimated(-reserve.tokens(), reserve.cost().negate());
    agent.spend = agent.spend.estimated(-reserve.tokens(), reserve.cost().negate());
    add(settle, agent);
  }

  private void add(Command.Settle settle, AgentRecord agent) {
    total = total.settled(settle.promptTokens(), settle.completionTokens(), settle.cost());
    agent.spend =
        agent.spend.settled(settle.promptTokens(), settle.completionTokens(), settle.cost());
  }

  void estimate(Command.Reserve reserve, AgentRecord agent) {
    close(reserve, agent);
    estimates.put(reserve.reservationId(), reserve);
    total = total.estimated(reserve.tokens(), reserve.cost());
    agent.spend = agent.spend.estimated(reserve.tokens(), reserve.cost());
  }

  void release(Command.Reserve reserve, AgentRecord agent) {
    close(reserve, agent);
  }

  private void close(Command.Reserve reserve, AgentRecord agent) {
    open.remove(reserve.reservationId());
    total = total.released(reserve.tokens(), reserve.cost());
    agent.spend = agent.spend.released(reserve.tokens(), reserve.cost());
  }
}

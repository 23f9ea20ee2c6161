// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * Has what an agent is about to do, and what came of it, on stable storage: in the checkpoints, to
 * resume from, and in the ledger, as evidence. The agent waits once for both, because waiting and
 * being woken cost it more than what it writes. For the agent's thread; what is said to be known is
 * said on the stores' threads.
 */
final class Durably {
  private Durably() {}

  /**
   * Before a call: both at once, neither store waits for the other.
   *
   * @throws GovernanceException if it is not remembered; then nothing is known of the entry
   */
  static void together(AgentRunner agent, EvidenceEntry intent) {
    Arrivals both = new Arrivals(agent.run().services().time(), 2);
    intent.begin(both::one);
    RunMemory.Flush flush = agent.beginToRemember(both::one);
    both.await(agent.run().services().tuning().ledgerTimeout());
    flush.await();
  }

  /**
   * After a call: its result is remembered before its outcome is in the ledger, so that no call of
   * which the ledger says what came of it is ever made again. The writer of the checkpoints hands
   * the entry on; a ledger that may take its time gets it from the agent.
   *
   * @return what kept it from being remembered, null if nothing did
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if its outcome is not in the
   *     ledger
   */
  static @Nullable GovernanceException inOrder(AgentRunner agent, EvidenceEntry outcome) {
    GovernanceException forgotten = null;
    Arrivals all = new Arrivals(agent.run().services().time(), 1);
    try {
      RunMemory.Flush flush =
          agent.beginToRemember(outcome.isPrompt() ? () -> outcome.begin(all::one) : all::one);
      all.await(agent.run().services().tuning().ledgerTimeout());
      flush.await();
    } catch (GovernanceException e) {
      forgotten = e;
    }
    outcome.await();
    return forgotten;
  }
}

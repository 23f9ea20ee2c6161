// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.payload.Payload;
import java.util.Map;
import java.util.concurrent.Callable;

/** The steps of a body: work of its own that is recorded. Confined to the agent's thread. */
final class Steps {
  private final AgentRunner agent;
  private final ActionGate gate;

  Steps(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  /** Runs it, or gives its recorded result. */
  Payload step(String name, Callable<?> work) {
    return gate.recorded(
        "step",
        Payload.text(name),
        payload -> payload,
        payload -> payload,
        () -> Payload.of(run(name, work)));
  }

  /**
   * The same; its result is remembered, and in the ledger by its digest, before it is given. A
   * result that is given again gets its entry again, which is the same one if it is there: the
   * process may have died when one of the two was written.
   */
  Payload durable(String name, Callable<?> work) {
    gate.onOwnThread();
    String id = agent.nextId();
    Payload result = step(name, work);
    EvidenceEntry entry =
        agent
            .run()
            .evidence()
            .entry(
                agent.id(),
                LedgerTypes.STEP,
                id + "/step",
                Map.of("step", name, "output", result.digest().hex()));
    Durably.together(agent, entry);
    try {
      entry.await();
    } catch (LedgerUnavailableException e) {
      agent.control().check();
      agent
          .run()
          .signals()
          .failed("LEDGER", "the result of a step could not be recorded; it was withheld");
      throw RunContext.stopped(agent.id(), agent.control(), Cause.RUN_ENDED);
    }
    Applied<Void> admitted = agent.apply(new Command.Admit(agent.id(), agent.fence(), id));
    if (!admitted.accepted()) {
      throw RunContext.stopped(agent.id(), agent.control(), Cause.RUN_ENDED);
    }
    return result;
  }

  private <T> T run(String name, Callable<T> work) {
    try {
      return gate.step(name, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GovernanceException("step '" + name + "' was interrupted", e);
    } catch (Exception e) {
      throw new GovernanceException("step '" + name + "' failed: " + e.getMessage(), e);
    }
  }
}

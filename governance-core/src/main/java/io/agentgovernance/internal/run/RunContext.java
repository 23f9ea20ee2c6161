// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.spi.RunStore;
import java.time.Instant;

/**
 * What the agents of one run share with each other and with its coordinator. Immutable; everything
 * in it is thread safe.
 */
record RunContext(
    Services services,
    RunRequest request,
    RunTerms terms,
    RunStore store,
    RunView view,
    Evidence evidence,
    RunMemory memory,
    EventLog events,
    StuckClock stuck,
    ActiveClock active,
    Denials denials,
    SpendWatch spendWatch,
    Signals signals) {

  /** What agents tell the coordinator; every method only posts. */
  interface Signals {
    /** The infrastructure failed: the run cannot go on. */
    void failed(String code, String message);

    /** An agent has ended because its lease was lost: somebody else may run it. */
    void leaseLost(AgentRunner agent);

    /** An agent begins to wait for others. */
    void waiting(AgentRunner agent);
  }

  Instant now() {
    return services.time().now();
  }

  /** Applies an agent's command; one that may not act any more is thrown out of its body. */
  <R> Applied<R> apply(AgentId agent, AgentControl control, Command<R> command) {
    control.check();
    Applied<R> applied = store.apply(command);
    switch (applied.status()) {
      case STOPPED -> throw stopped(agent, control, AgentStoppedException.Cause.RUN_ENDED);
      case REVOKED -> throw stopped(agent, control, AgentStoppedException.Cause.REVOKED);
      case FENCED -> throw stopped(agent, control, AgentStoppedException.Cause.LEASE_LOST);
      case OK, DUP, CONFLICT -> {}
    }
    return applied;
  }

  static AgentStoppedException stopped(
      AgentId agent, AgentControl control, AgentStoppedException.Cause otherwise) {
    AgentStoppedException.Cause known = control.cause();
    if (known == null) {
      control.cancel(otherwise);
      Thread.interrupted(); // the cancellation is carried by the exception
      known = otherwise;
    }
    return new AgentStoppedException(agent.value(), known);
  }
}

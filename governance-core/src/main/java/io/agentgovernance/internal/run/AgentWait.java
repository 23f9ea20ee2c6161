// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How an agent waits for others.
 *
 * <p>{@link #await} is confined to the agent's thread; {@link #wake} and {@link #waiting} may be
 * used by any. A change between the look and the wait leaves a permit, so that none is missed.
 */
final class AgentWait {
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final AgentRunner agent;
  private final TimeSource.Waiter waiter;
  private volatile boolean waiting;

  AgentWait(AgentRunner agent) {
    this.agent = agent;
    this.waiter = agent.run().services().time().waiter();
  }

  /**
   * Waits until {@code probe} gives something, at most for a time; empty when it has passed. Any
   * change that may matter wakes it. The time is active time: it stands still while the run waits
   * for a person.
   */
  <T> Optional<T> await(Duration atMost, Supplier<Optional<T>> probe) {
    Duration limit = agent.run().active().used().plus(clamp(atMost));
    while (true) {
      agent.control().check();
      waiting = true; // before the probe: a change after it leaves a permit
      Optional<T> found = probe.get();
      Duration left = limit.minus(agent.run().active().used());
      if (found.isPresent() || left.isZero() || left.isNegative()) {
        waiting = false;
        return found;
      }
      agent.run().signals().waiting(agent);
      try {
        waiter.await(
            agent.run().active().running() ? left : LONGEST_WAIT); // woken when it runs again
      } catch (InterruptedException e) {
        agent.control().check();
        Thread.currentThread().interrupt();
        throw new GovernanceException(
            "agent '" + agent.id() + "' was interrupted while it waited, and not by this library",
            e);
      } finally {
        waiting = false;
      }
    }
  }

  private static Duration clamp(Duration atMost) {
    return atMost.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atMost;
  }

  boolean waiting() {
    return waiting;
  }

  void wake() {
    if (waiting) {
      waiter.signal();
    }
  }
}

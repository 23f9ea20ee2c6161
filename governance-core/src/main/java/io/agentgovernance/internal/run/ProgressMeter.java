// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Command;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Announces streamed text at most ten times a second. Thread safe: models stream on threads of
 * their own.
 */
final class ProgressMeter {
  private static final long INTERVAL_NANOS = 100_000_000L;

  private final AgentRunner agent;
  private final AtomicLong characters = new AtomicLong();
  private final AtomicLong due;

  ProgressMeter(AgentRunner agent) {
    this.agent = agent;
    this.due = new AtomicLong(agent.run().services().time().ticks());
  }

  void delta(String text) {
    characters.addAndGet(text.length());
    long now = agent.run().services().time().ticks();
    long next = due.get();
    if (now - next >= 0 && due.compareAndSet(next, now + INTERVAL_NANOS)) {
      agent
          .run()
          .store()
          .apply(new Command.Progress(agent.id(), agent.fence(), characters.getAndSet(0)));
    }
  }
}

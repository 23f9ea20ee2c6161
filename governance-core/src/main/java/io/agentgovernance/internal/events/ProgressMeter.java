// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Thins out progress to ten events a second for each agent, by the time of the changes: what is
 * held back is added to the agent's next progress event. Guarded by the lock of its {@link
 * EventLog}.
 */
final class ProgressMeter {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final Map<AgentId, Tokens> agents = new HashMap<>(4);

  private static final class Tokens {
    @Nullable Instant announced;
    long pending;
    long total;
  }

  /** The progress event that is due, or null if the last one of the agent was a moment ago. */
  @Nullable EventDraft announce(Command.Progress progress, Instant at) {
    Tokens tokens = agents.computeIfAbsent(progress.agent(), agent -> new Tokens());
    tokens.pending += progress.characters();
    tokens.total += progress.characters();
    Instant last = tokens.announced;
    // A clock that was set back must not silence the agent.
    if (last != null && !at.isBefore(last) && at.isBefore(last.plus(INTERVAL))) {
      return null;
    }
    EventDraft draft =
        EventDraft.of(EventTypes.PROGRESS)
            .with("agent_id", progress.agent())
            .with("characters", tokens.pending)
            .with("total", tokens.total);
    tokens.announced = at;
    tokens.pending = 0;
    return draft;
  }
}

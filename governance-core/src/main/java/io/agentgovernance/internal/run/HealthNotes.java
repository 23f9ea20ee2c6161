// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentHealth;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.health.HealthListener;
import io.agentgovernance.payload.Payload;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * Has every change of health become an event of the runs that this process is at: they all rest on
 * the same parts. What happened to the coordination store is told when it works again, because
 * events go through it. Called by one thread at a time.
 */
public final class HealthNotes implements HealthListener {
  /** How many changes of a store that does not work are kept; the oldest go first. */
  static final int MOST_KEPT = 16;

  private final LiveRuns runs;
  private final ArrayDeque<Command.Note> kept = new ArrayDeque<>(2);

  public HealthNotes(LiveRuns runs) {
    this.runs = runs;
  }

  @Override
  public void changed(ComponentHealth before, ComponentHealth after) {
    Command.Note note = note(before, after);
    boolean worse = after.state().compareTo(before.state()) > 0;
    if (after.component() == Component.COORDINATION && worse) {
      if (kept.size() == MOST_KEPT) {
        kept.removeFirst();
      }
      kept.addLast(note);
      return;
    }
    if (after.component() == Component.COORDINATION) {
      kept.forEach(runs::announce);
      kept.clear();
    }
    runs.announce(note);
  }

  private static Command.Note note(ComponentHealth before, ComponentHealth after) {
    return new Command.Note(
        null,
        EventTypes.COMPONENT_HEALTH,
        Payload.of(
            Map.of(
                "component", after.component().name(),
                "from", before.state().name(),
                "to", after.state().name(),
                "failure", after.state() == ComponentState.HEALTHY ? "" : after.lastFailure())));
  }
}

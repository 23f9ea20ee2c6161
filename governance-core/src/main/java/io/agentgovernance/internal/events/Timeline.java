// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import java.util.AbstractList;
import java.util.RandomAccess;

/**
 * The events of a run as a list. Immutable and thread safe. Each event is made when somebody first
 * reads it, so that a result nobody reads the events of does not pay for them.
 */
public final class Timeline extends AbstractList<Event> implements RandomAccess {
  private final RunId run;
  private final LogEntry[] entries;

  Timeline(RunId run, LogEntry[] entries) {
    this.run = run;
    this.entries = entries;
  }

  @Override
  public Event get(int index) {
    return entries[index].event(run);
  }

  @Override
  public int size() {
    return entries.length;
  }
}

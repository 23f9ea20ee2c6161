// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import java.time.Instant;

/** One event of a log; becomes an {@link Event} when somebody first reads it. Thread safe. */
final class LogEntry {
  private final long sequence;
  private final Instant at;
  private final String type;

  /** The draft, then the event; two threads may make the same event, and either is kept. */
  private volatile Object content;

  LogEntry(long sequence, Instant at, EventDraft draft) {
    this.sequence = sequence;
    this.at = at;
    this.type = draft.type();
    this.content = draft;
  }

  long sequence() {
    return sequence;
  }

  boolean progress() {
    return type.equals(EventTypes.PROGRESS);
  }

  boolean terminal() {
    return type.equals(EventTypes.ORCHESTRATION_COMPLETE);
  }

  Event event(RunId run) {
    Object current = content;
    if (current instanceof Event event) {
      return event;
    }
    var event = new Event(sequence, at, run, type, ((EventDraft) current).data());
    content = event;
    return event;
  }
}

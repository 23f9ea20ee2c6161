// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Iterates over a stream in bounded waits, so that a closed stream is noticed. */
final class EventIterator implements Iterator<Event> {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final EventStream stream;
  private @Nullable Event upcoming;

  EventIterator(EventStream stream) {
    this.stream = stream;
  }

  @Override
  public boolean hasNext() {
    try {
      while (upcoming == null && !stream.ended()) {
        upcoming = stream.next(STEP).orElse(null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return upcoming != null;
  }

  @Override
  public Event next() {
    Event event = hasNext() ? upcoming : null;
    if (event == null) {
      throw new NoSuchElementException("the stream has ended or its reader was interrupted");
    }
    upcoming = null;
    return event;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * The events of one run, pulled: those that happened already, then each further one, up to the
 * terminal event.
 *
 * <pre>{@code
 * try (EventStream events = orchestration.events(0)) {
 *   for (Event event : events) {
 *     socket.send(event.json());
 *   }
 * }
 * }</pre>
 *
 * <p>For one thread at a time; {@link #close}, {@link #ended} and {@link #dropped} may be called by
 * any. A slow reader holds nobody up: it misses events that the run no longer keeps, which {@link
 * #dropped} counts and a gap in the sequences shows. The terminal event is never missed.
 */
public interface EventStream extends AutoCloseable, Iterable<Event> {

  /**
   * Waits for the next event.
   *
   * @param atMost how long to wait; zero or less only looks
   * @return the event; empty if none came in time or the stream has ended
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  Optional<Event> next(Duration atMost) throws InterruptedException;

  /** Says whether no event will follow: the last one was returned, or the stream was closed. */
  boolean ended();

  /** Returns how many events were gone before this stream came to them. */
  long dropped();

  /**
   * Iterates until the stream has ended, waiting for events in steps of a second. An interrupt ends
   * the iteration early and leaves the thread's flag set.
   */
  @Override
  default Iterator<Event> iterator() {
    return new EventIterator(this);
  }

  /** Ends the stream and wakes whoever waits for it. Further calls do nothing. */
  @Override
  void close();
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/** Reads a log from a position on. It holds no events itself, so it costs nothing to be slow. */
final class LogStream implements EventStream, Follower {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final EventLog log;
  private final TimeSource time;
  private final TimeSource.Waiter waiter;

  // Written by the reading thread only.
  private volatile long position;
  private volatile long dropped;

  private volatile boolean closed;

  LogStream(EventLog log, TimeSource time, long position) {
    this.log = log;
    this.time = time;
    this.waiter = time.waiter();
    this.position = position;
  }

  @Override
  public Optional<Event> next(Duration atMost) throws InterruptedException {
    long limit = (atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST).toNanos();
    long start = time.ticks();
    while (!closed) {
      boolean last = log.completed(); // before the look: what is not there then, never comes
      LogEntry entry = log.after(position);
      if (entry != null) {
        return Optional.of(read(entry));
      }
      long left = limit - (time.ticks() - start);
      if (last || left <= 0) {
        return Optional.empty();
      }
      waiter.await(Duration.ofNanos(left));
    }
    return Optional.empty();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one reading thread
  private Event read(LogEntry entry) {
    dropped += entry.sequence() - position - 1;
    position = entry.sequence();
    return entry.event(log.run());
  }

  @Override
  public boolean ended() {
    return closed || (log.completed() && log.after(position) == null);
  }

  @Override
  public long dropped() {
    return dropped;
  }

  @Override
  public void close() {
    closed = true;
    log.leave(this);
    waiter.signal();
  }

  @Override
  public void offer(LogEntry entry) {}

  @Override
  public void wake() {
    waiter.signal();
  }

  @Override
  public void finish() {
    waiter.signal();
  }
}

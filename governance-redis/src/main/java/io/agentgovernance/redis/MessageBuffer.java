// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.redis.BusSubscription.Refill;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription has still to deliver: announced messages that follow one another, and whether
 * there is more in the stream. Thread safe.
 *
 * <p>One thread at a time delivers: who is told so by {@link #claim}, until {@link #next} has
 * nothing more.
 */
final class MessageBuffer {
  /**
   * A message as it was announced.
   *
   * @param json its stored form
   * @param message the message itself, if this process has published it
   */
  record Announced(long sequence, String json, @Nullable AgentMessage message) {
    int characters() {
      return json.length();
    }
  }

  /**
   * What is to be done next.
   *
   * @param message deliver it; if absent, a page of the stream is to be read
   * @param after the last message before that page
   */
  record Next(@Nullable Announced message, long after) {}

  private final Refill refill;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Announced> buffer = new ArrayDeque<>();
  private int characters;

  /** The last message that was buffered or read; what comes next has to follow it. */
  private long last;

  /** Whether there is more in the stream than was buffered. */
  private boolean behind;

  /** The last message that was announced while a page was read; it may be in that page. */
  private long announcedMeanwhile;

  private boolean reading;
  private boolean started;
  private boolean delivering;
  private volatile boolean closed;
  private volatile boolean more;

  MessageBuffer(Refill refill) {
    this.refill = refill;
  }

  /** Begins after a message. */
  void begin(long from) {
    lock.lock();
    try {
      last = from;
      started = true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes what was announced: a sequence, and the message unless it is large. */
  void announced(String text) {
    int space = text.indexOf(' ');
    long sequence = Long.parseLong(space < 0 ? text : text.substring(0, space));
    lock.lock();
    try {
      if (!started || closed || sequence <= last) {
        return;
      }
      if (reading) {
        announcedMeanwhile = Math.max(announcedMeanwhile, sequence);
        return;
      }
      boolean follows = sequence == last + 1 || refill == Refill.OFF;
      if (!follows || space < 0 || !taken(sequence, text.substring(space + 1), null)) {
        behind = refill == Refill.ON;
        noteMore();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what this process has published, if it is the next and there is room. If not, nothing
   * changes: it will be announced.
   */
  void published(AgentMessage message, String json) {
    lock.lock();
    try {
      if (started && !closed && !reading && message.sequence() == last + 1) {
        boolean unused = taken(message.sequence(), json, message);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean taken(long sequence, String json, @Nullable AgentMessage message) {
    Announced next = new Announced(sequence, json, message);
    boolean room =
        buffer.size() < BusSubscription.MOST_MESSAGES
            && characters + next.characters() <= BusSubscription.MOST_CHARACTERS;
    if (!room || behind) {
      return false;
    }
    buffer.addLast(next);
    characters += next.characters();
    last = sequence;
    noteMore();
    return true;
  }

  /** There may be more in the stream. */
  void look() {
    lock.lock();
    try {
      if (started && !closed && refill == Refill.ON) {
        behind = true;
        noteMore();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A message has been published; if it is not known, there is more in the stream. */
  void look(long published) {
    lock.lock();
    try {
      if (published > last) {
        look();
      }
    } finally {
      lock.unlock();
    }
  }

  private void noteMore() {
    more = !buffer.isEmpty() || behind;
  }

  /** Whether there is something to do. Does not wait. */
  boolean more() {
    return more || closed;
  }

  /** Returns true if there is something to do and the caller is to see to it. */
  boolean claim() {
    lock.lock();
    try {
      if (delivering || closed || (buffer.isEmpty() && !behind)) {
        return false;
      }
      delivering = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what is to be done; null if that is nothing, and somebody else may claim it then. */
  @Nullable Next next() {
    lock.lock();
    try {
      Announced next = buffer.pollFirst();
      if (closed || (next == null && !behind)) {
        delivering = false;
        return null;
      }
      if (next == null) {
        behind = false; // what comes from now on may set it again
        reading = true;
      } else {
        characters -= next.characters();
      }
      noteMore();
      return new Next(next, last);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A page was read.
   *
   * @param to the last message of it; 0 if there was none
   * @param size how many messages it had
   */
  void read(long to, int size) {
    lock.lock();
    try {
      reading = false;
      last = Math.max(last, to);
      behind |= size == BusReads.PAGE || announcedMeanwhile > last;
      noteMore();
    } finally {
      lock.unlock();
    }
  }

  /** A page could not be read; somebody is to claim it later. */
  void unread() {
    lock.lock();
    try {
      delivering = false;
      reading = false;
      behind = true;
      noteMore();
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    return closed;
  }

  /** How many messages are buffered. */
  int size() {
    lock.lock();
    try {
      return buffer.size();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      buffer.clear();
    } finally {
      lock.unlock();
    }
  }
}

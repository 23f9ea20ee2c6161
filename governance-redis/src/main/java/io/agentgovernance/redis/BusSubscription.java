// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the messages of a run to one handler, in the order of their sequence and without gaps.
 *
 * <p>What is announced is buffered if it is the next one and there is room. What is missing,
 * because an announcement was lost or there was no room, is read from the stream: nothing is lost
 * and no more than {@value #MOST_MESSAGES} messages of {@value #MOST_CHARACTERS} characters are
 * held. Thread safe; the handler is called by one thread at a time, never by an event loop.
 */
final class BusSubscription implements RedisFeed.Listener, AutoCloseable {
  static final int MOST_MESSAGES = 1_024;
  static final int MOST_CHARACTERS = 1_048_576;
  private static final Logger log = LoggerFactory.getLogger(BusSubscription.class);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

  /** Whether what is missing is read; without, it is missing, which is for a control. */
  enum Refill {
    ON,
    OFF
  }

  /** A message as it was announced. */
  private record Announced(long sequence, String json) {}

  private final BusReads reads;
  private final BusThreads threads;
  private final Consumer<AgentMessage> handler;
  private final Refill refill;
  private final CountDownLatch ready = new CountDownLatch(1);
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
  private boolean closed;
  private @Nullable AutoCloseable feed;

  BusSubscription(
      BusReads reads, BusThreads threads, Consumer<AgentMessage> handler, Refill refill) {
    this.reads = reads;
    this.threads = threads;
    this.handler = handler;
    this.refill = refill;
  }

  /** Begins with the first message that is published after this has returned, or earlier. */
  void start(RedisFeed announcements, Duration atMost) {
    AutoCloseable listening = announcements.subscribe(reads.keys().channel(), this);
    boolean begun = false;
    try {
      if (!subscribed(atMost)) {
        throw new CoordinationUnavailableException(
            "message bus, run '"
                + reads.run()
                + "': no subscription within "
                + atMost
                + ". See that the server answers, and try again.",
            null);
      }
      begin(reads.last(), listening);
      begun = true;
    } finally {
      if (!begun) {
        BusThreads.closeQuietly(listening);
      }
    }
  }

  private boolean subscribed(Duration atMost) {
    try {
      return ready.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void begin(long from, AutoCloseable listening) {
    lock.lock();
    try {
      last = from;
      feed = listening;
      started = true;
    } finally {
      lock.unlock();
    }
    check(); // for what was announced before it had begun
  }

  @Override
  public void announced(String text) {
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
      boolean room = buffer.size() < MOST_MESSAGES && characters + text.length() <= MOST_CHARACTERS;
      boolean follows = sequence == last + 1 || refill == Refill.OFF;
      if (follows && space > 0 && room && !behind) {
        buffer.addLast(new Announced(sequence, text.substring(space + 1)));
        characters += text.length();
        last = sequence;
      } else {
        behind = refill == Refill.ON;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** The channel is listened to, or again: announcements before are lost. */
  @Override
  public void subscribed() {
    ready.countDown();
    check();
  }

  /** Looks whether there is more in the stream. */
  void check() {
    lock.lock();
    try {
      if (!started || closed || refill == Refill.OFF) {
        return;
      }
      behind = true;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Looks whether there is more in the stream, if that is not known already. */
  void check(long published) {
    lock.lock();
    try {
      if (published <= last) {
        return;
      }
    } finally {
      lock.unlock();
    }
    check();
  }

  BusReads reads() {
    return reads;
  }

  /** How many messages are buffered. */
  int buffered() {
    lock.lock();
    try {
      return buffer.size();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      if (delivering || closed || (buffer.isEmpty() && !behind)) {
        return;
      }
      delivering = true;
    } finally {
      lock.unlock();
    }
    threads.deliver(this::deliver);
  }

  private void deliver() {
    while (true) {
      Announced next;
      long after;
      lock.lock();
      try {
        next = buffer.pollFirst();
        if (closed || (next == null && !behind)) {
          delivering = false;
          return;
        }
        if (next == null) {
          behind = false; // what comes from now on may set it again
          reading = true;
        } else {
          characters -= next.json().length() + 1 + String.valueOf(next.sequence()).length();
        }
        after = last;
      } finally {
        lock.unlock();
      }
      if (next != null) {
        handle(next);
      } else if (!refilled(after)) {
        return;
      }
    }
  }

  private void handle(Announced next) {
    AgentMessage message;
    try {
      message = StoredMessage.read(reads.run(), next.sequence(), next.json());
    } catch (RuntimeException e) {
      log.warn("run {}: message {} cannot be read", reads.run(), next.sequence(), e);
      return;
    }
    handle(message);
  }

  private void handle(AgentMessage message) {
    try {
      handler.accept(message);
    } catch (RuntimeException | Error e) { // else the messages after this one would wait for ever
      log.warn("run {}: message handler {} failed", reads.run(), handler.getClass().getName(), e);
    }
  }

  /** Reads and delivers a page; false if it has to be tried again later. */
  private boolean refilled(long after) {
    List<AgentMessage> page;
    try {
      page = reads.page(after);
    } catch (RuntimeException e) {
      log.debug("run {}: messages after {} could not be read yet", reads.run(), after, e);
      again();
      return false;
    }
    lock.lock();
    try {
      reading = false;
      if (!page.isEmpty()) {
        last = page.get(page.size() - 1).sequence();
      }
      behind |= page.size() == BusReads.PAGE || announcedMeanwhile > last;
    } finally {
      lock.unlock();
    }
    for (AgentMessage message : page) {
      if (isClosed()) {
        return true;
      }
      handle(message);
    }
    return true;
  }

  private void again() {
    lock.lock();
    try {
      delivering = false;
      reading = false;
      behind = true;
    } finally {
      lock.unlock();
    }
    threads.later(AGAIN_AFTER, this::wake);
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends it. A handler that is being called goes on to its end. */
  @Override
  public void close() {
    AutoCloseable listening;
    lock.lock();
    try {
      closed = true;
      buffer.clear();
      listening = feed;
      feed = null;
    } finally {
      lock.unlock();
    }
    threads.forget(this);
    if (listening != null) {
      BusThreads.closeQuietly(listening);
    }
  }
}

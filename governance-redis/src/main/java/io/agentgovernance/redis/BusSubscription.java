// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private static final Log log = Log.of(BusSubscription.class);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

  /** Whether what is missing is read; without, it is missing, which is for a control. */
  enum Refill {
    ON,
    OFF
  }

  private final BusReads reads;
  private final BusThreads threads;
  private final Consumer<AgentMessage> handler;
  private final MessageBuffer buffer;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final AtomicReference<@Nullable AutoCloseable> feed = new AtomicReference<>();

  BusSubscription(
      BusReads reads, BusThreads threads, Consumer<AgentMessage> handler, Refill refill) {
    this.reads = reads;
    this.threads = threads;
    this.handler = handler;
    this.buffer = new MessageBuffer(refill);
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
      feed.set(listening);
      buffer.begin(reads.last());
      check(); // for what was announced before it had begun
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

  @Override
  public void announced(String text) {
    buffer.announced(text);
    wake();
  }

  @Override
  public void published(AgentMessage message, String json) {
    buffer.published(message, json);
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
    buffer.look();
    wake();
  }

  /** Looks whether there is more in the stream, if that is not known already. */
  void check(long published) {
    buffer.look(published);
    wake();
  }

  BusReads reads() {
    return reads;
  }

  /** How many messages are buffered. */
  int buffered() {
    return buffer.size();
  }

  private void wake() {
    if (buffer.claim()) {
      threads.deliver(this::deliver);
    }
  }

  private void deliver() {
    boolean goesOn = true;
    while (goesOn) {
      threads.linger(buffer::more);
      MessageBuffer.Next next = buffer.next();
      if (next == null) {
        return;
      }
      MessageBuffer.Announced message = next.message();
      if (message == null) {
        goesOn = refilled(next.after());
      } else {
        handle(message);
      }
    }
  }

  private void handle(MessageBuffer.Announced next) {
    AgentMessage message = next.message();
    if (message == null) {
      try {
        message = StoredMessage.read(reads.run(), next.sequence(), next.json());
      } catch (RuntimeException e) {
        log.warn("run {}: message {} cannot be read", reads.run(), next.sequence(), e);
        return;
      }
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
      buffer.unread();
      threads.later(AGAIN_AFTER, this::wake);
      return false;
    }
    buffer.read(page.isEmpty() ? 0 : page.get(page.size() - 1).sequence(), page.size());
    for (AgentMessage message : page) {
      if (buffer.closed()) {
        return true;
      }
      handle(message);
    }
    return true;
  }

  /** Ends it. A handler that is being called goes on to its end. */
  @Override
  public void close() {
    buffer.close();
    threads.forget(this);
    AutoCloseable listening = feed.getAndSet(null);
    if (listening != null) {
      BusThreads.closeQuietly(listening);
    }
  }
}

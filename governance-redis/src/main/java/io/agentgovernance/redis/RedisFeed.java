// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.secret.Log;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The announcements of a server: one connection, made when the first channel is wanted, serves all.
 * What is announced while it is down is lost; listeners are told when it is up again. Thread safe.
 */
final class RedisFeed implements AutoCloseable {
  private static final Log log = Log.of(RedisFeed.class);
  private static final long RETRY_MS = 200;

  /** Is told on an event loop: it may only make a note of it for another thread. */
  interface Listener {
    /** Something was announced. */
    void announced(String message);

    /** This process has published a message, which will also be announced. */
    default void published(AgentMessage message, String json) {}

    /**
     * The channel is subscribed to, for the first time or anew: what came before may be missing.
     */
    void subscribed();
  }

  private final Supplier<StatefulRedisPubSubConnection<String, String>> connector;
  private final EventExecutorGroup timers;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentHashMap<String, CopyOnWriteArrayList<Listener>> listeners =
      new ConcurrentHashMap<>();
  private @Nullable StatefulRedisPubSubConnection<String, String> connection;
  private boolean closed;

  RedisFeed(
      Supplier<StatefulRedisPubSubConnection<String, String>> connector,
      EventExecutorGroup timers) {
    this.connector = connector;
    this.timers = timers;
  }

  /**
   * Listens to a channel from now on, as soon as the server knows; {@link Listener#subscribed} says
   * when. Blocks for a connection the first time.
   *
   * @return ends it
   */
  AutoCloseable subscribe(String channel, Listener listener) {
    listeners.compute(
        channel,
        (name, all) -> {
          CopyOnWriteArrayList<Listener> with = all == null ? new CopyOnWriteArrayList<>() : all;
          with.add(listener);
          return with;
        });
    ask(channel);
    return () -> unsubscribe(channel, listener);
  }

  private void unsubscribe(String channel, Listener listener) {
    var left =
        listeners.computeIfPresent(
            channel, (name, all) -> all.remove(listener) && all.isEmpty() ? null : all);
    StatefulRedisPubSubConnection<String, String> current = current();
    if (left == null && current != null) {
      var unused = current.async().unsubscribe(channel);
      if (listeners.containsKey(channel)) { // somebody came while the last one went
        ask(channel);
      }
    }
  }

  private @Nullable StatefulRedisPubSubConnection<String, String> current() {
    lock.lock();
    try {
      return connection;
    } finally {
      lock.unlock();
    }
  }

  /** Asks until the server has answered, as long as somebody listens. */
  private void ask(String channel) {
    StatefulRedisPubSubConnection<String, String> current;
    try {
      current = connected();
    } catch (RuntimeException e) {
      askLater(channel, e);
      return;
    }
    if (current == null || !listeners.containsKey(channel)) {
      return;
    }
    current
        .async()
        .subscribe(channel)
        .whenComplete(
            (done, thrown) -> {
              if (thrown != null) {
                askLater(channel, thrown);
              }
            });
  }

  private void askLater(String channel, Throwable thrown) {
    if (!timers.isShuttingDown()) {
      log.debug("subscribing to {} failed, trying again", channel, thrown);
      var unused = timers.schedule(() -> ask(channel), RETRY_MS, TimeUnit.MILLISECONDS);
    }
  }

  private @Nullable StatefulRedisPubSubConnection<String, String> connected() {
    lock.lock();
    try {
      if (connection == null && !closed) {
        StatefulRedisPubSubConnection<String, String> made = connector.get();
        made.addListener(new Dispatcher());
        connection = made;
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  /** Called by the event loop of the connection. */
  private final class Dispatcher extends RedisPubSubAdapter<String, String> {
    @Override
    public void message(String channel, String message) {
      var all = listeners.get(channel);
      if (all != null) {
        all.forEach(listener -> listener.announced(message));
      }
    }

    @Override
    public void subscribed(String channel, long count) {
      var all = listeners.get(channel);
      if (all != null) {
        all.forEach(Listener::subscribed);
      }
    }
  }

  /** Tells listeners what this process has published before the server announces it. */
  void published(String channel, AgentMessage message, String json) {
    var all = listeners.get(channel);
    if (all != null) {
      all.forEach(listener -> listener.published(message, json));
    }
  }

  /** How many channels are listened to. */
  int channels() {
    return listeners.size();
  }

  /** Tells nobody anything any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      listeners.clear();
      connection = null; // the client closes it
    } finally {
      lock.unlock();
    }
  }
}

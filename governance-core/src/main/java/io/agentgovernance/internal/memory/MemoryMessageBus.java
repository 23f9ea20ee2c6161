// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Carries messages within one JVM, at most {@value #MAX_MESSAGES} for each run.
 *
 * <p>Thread safe; nothing blocks. Each run has its own lock, held only to take a message in or to
 * read; handlers are called without it, by whichever thread happens to deliver, one message after
 * the other in the order of their sequence. What a run holds is kept until it is released.
 */
public final class MemoryMessageBus implements MessageBus {
  /** The most messages of one run; more are refused. */
  public static final int MAX_MESSAGES = 100_000;

  /** The largest content of a message; larger ones are refused. */
  public static final int MAX_CONTENT_BYTES = 4 * 1024 * 1024;

  private static final Log log = Log.of(MemoryMessageBus.class);

  private final ConcurrentHashMap<RunId, Topic> topics = new ConcurrentHashMap<>();
  private volatile boolean closed;

  @Override
  public AgentMessage publish(AgentMessage message) {
    requireNonNull(message, "message");
    if (message.content().bytes() > MAX_CONTENT_BYTES) {
      throw new BadInputException(
          "message '" + message.id() + "' of run '" + message.run() + "'",
          message.content().bytes() + " bytes",
          "at most " + MAX_CONTENT_BYTES,
          "Put the content on the blackboard in parts and send its keys");
    }
    return topic(message.run()).publish(message);
  }

  @Override
  public List<AgentMessage> read(RunId run, AgentId recipient, long after, int limit) {
    requireOpen();
    Topic topic = topics.get(run);
    return topic == null ? List.of() : topic.read(recipient, after, limit);
  }

  @Override
  public AutoCloseable subscribe(RunId run, Consumer<AgentMessage> handler) {
    requireNonNull(handler, "handler");
    return topic(run).subscribe(handler);
  }

  @Override
  public void release(RunId run) {
    topics.remove(run);
  }

  @Override
  public void close() {
    closed = true;
    topics.clear();
  }

  private Topic topic(RunId run) {
    requireOpen();
    return topics.computeIfAbsent(run, Topic::new);
  }

  private void requireOpen() {
    if (closed) {
      throw new CoordinationUnavailableException(
          "the message bus in memory is closed. Use one that is open.", null);
    }
  }

  /** The messages of one run and who follows them. */
  private static final class Topic {
    private final RunId run;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<AgentMessage> messages = new ArrayList<>(4);
    private final Map<String, AgentMessage> byId = new HashMap<>(4);
    private final CopyOnWriteArrayList<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final SerialDelivery<AgentMessage> delivery = new SerialDelivery<>(this::announce);

    Topic(RunId run) {
      this.run = run;
    }

    AgentMessage publish(AgentMessage message) {
      AgentMessage published;
      lock.lock();
      try {
        AgentMessage before = byId.get(message.id());
        if (before != null) {
          return before;
        }
        if (messages.size() >= MAX_MESSAGES) {
          throw new BadInputException(
              "messages of run '" + run + "'",
              "one more than " + MAX_MESSAGES,
              "at most " + MAX_MESSAGES,
              "End the run, or use a message bus that is not in memory");
        }
        published = message.withSequence(messages.size() + 1L);
        messages.add(published);
        byId.put(published.id(), published);
        delivery.offer(published); // under the lock: the queue has the order of the sequence
      } finally {
        lock.unlock();
      }
      delivery.drain();
      return published;
    }

    List<AgentMessage> read(AgentId recipient, long after, int limit) {
      lock.lock();
      try {
        List<AgentMessage> found = new ArrayList<>();
        int from = (int) Math.min(Math.max(0, after), messages.size());
        for (int i = from; i < messages.size() && found.size() < limit; i++) {
          if (messages.get(i).isFor(recipient)) {
            found.add(messages.get(i));
          }
        }
        return found;
      } finally {
        lock.unlock();
      }
    }

    AutoCloseable subscribe(Consumer<AgentMessage> handler) {
      lock.lock();
      try {
        var subscription = new Subscription(handler, messages.size());
        subscriptions.add(subscription);
        return () -> subscriptions.remove(subscription);
      } finally {
        lock.unlock();
      }
    }

    private void announce(AgentMessage message) {
      for (Subscription subscription : subscriptions) {
        if (message.sequence() > subscription.after()) {
          deliver(message, subscription.handler());
        }
      }
    }

    private void deliver(AgentMessage message, Consumer<AgentMessage> handler) {
      try {
        handler.accept(message);
      } catch (RuntimeException | Error e) { // else the messages after this one would wait for ever
        log.warn("run {}: message handler {} failed", run, handler.getClass().getName(), e);
      }
    }
  }

  /** A handler and the last message that was there before it. */
  private record Subscription(Consumer<AgentMessage> handler, long after) {}
}

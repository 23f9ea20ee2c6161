// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries messages between agents in several processes over Redis, at most {@value #MAX_MESSAGES}
 * for each run.
 *
 * <pre>{@code
 * try (var bus = RedisMessageBus.builder("rediss://redis.bank:6380").open()) {
 *   Orchestrator.builder().messageBus(bus)…
 * }
 * }</pre>
 *
 * <p>A message is in a stream before it is announced. Whoever {@link #subscribe subscribes} gets
 * what is announced, and from the stream what an announcement was lost of: each message once, in
 * order. Whoever {@link #consumer consumes} gets each message until it has been handled.
 *
 * <p>Thread safe. Each call blocks for one answer of the server, which is asked at most five times,
 * each for {@link RedisOptions#commandTimeout()}. One connection serves the commands of all runs,
 * another one their announcements, and each consumer has its own. Handlers are called on threads of
 * the bus, one message of a subscription after the other.
 */
public final class RedisMessageBus implements MessageBus {
  /** The most messages of one run; more are refused. */
  public static final int MAX_MESSAGES = 100_000;

  /** The largest content of a message; larger ones are refused. */
  public static final int MAX_CONTENT_BYTES = 4 * 1024 * 1024;

  /** Larger messages are announced by their sequence only, and fetched. */
  static final int ANNOUNCED_BYTES = 8 * 1024;

  private static final Log log = Log.of(RedisMessageBus.class);
  private static final Script PUBLISH = Script.resource("message_publish");

  private final RedisConnections connections;
  private final TenantId tenant;
  private final BusSubscription.Refill refill;
  private final BusThreads threads;
  private final Set<MessageConsumer> consumers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  RedisMessageBus(RedisConnections connections, TenantId tenant, BusSubscription.Refill refill) {
    this.connections = connections;
    this.tenant = tenant;
    this.refill = refill;
    this.threads = new BusThreads(connections);
  }

  /** Returns a builder for the bus of a server: {@code redis://host:port…} */
  public static RedisMessageBusBuilder builder(String uri) {
    return new RedisMessageBusBuilder(RedisAddress.parse(requireNonNull(uri, "uri")));
  }

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
    MessageKeys keys = keys(message.run());
    String json = StoredMessage.write(message);
    List<Object> answer =
        reached(
            message.run(),
            () ->
                connections.call(
                    PUBLISH.name(),
                    () ->
                        connections
                            .run(
                                PUBLISH,
                                keys.toPublish(),
                                message.id(),
                                json,
                                keys.channel(),
                                String.valueOf(ANNOUNCED_BYTES),
                                String.valueOf(MAX_MESSAGES),
                                String.valueOf(connections.options().keep().toMillis()))
                            .thenApply(found -> told(message, json, keys.channel(), found))));
    if (answer.get(0).equals("FULL")) {
      throw new BadInputException(
          "messages of run '" + message.run() + "'",
          "one more than " + MAX_MESSAGES,
          "at most " + MAX_MESSAGES,
          "End the run, or send fewer messages");
    }
    long sequence = (Long) answer.get(1);
    return answer.get(0).equals("OK")
        ? message.withSequence(sequence)
        : StoredMessage.read(message.run(), sequence, (String) answer.get(2));
  }

  /**
   * Tells the subscriptions of this bus as soon as the message is in the stream, and before the
   * publisher is woken: its announcement comes on another connection, and later.
   */
  private List<Object> told(
      AgentMessage message, String json, String channel, List<Object> answer) {
    if (answer.get(0).equals("OK")) {
      connections.feed().published(channel, message.withSequence((Long) answer.get(1)), json);
    }
    return answer;
  }

  @Override
  public List<AgentMessage> read(RunId run, AgentId recipient, long after, int limit) {
    requireNonNull(recipient, "recipient");
    BusReads reads = reads(run);
    List<AgentMessage> found = new ArrayList<>();
    if (limit <= 0 || after > MAX_MESSAGES) {
      return found;
    }
    return reached(
        run,
        () -> {
          long from = Math.max(0, after);
          List<AgentMessage> page;
          do {
            page = reads.page(from);
            for (AgentMessage message : page) {
              from = message.sequence();
              if (message.isFor(recipient) && found.size() < limit) {
                found.add(message);
              }
            }
          } while (page.size() == BusReads.PAGE && found.size() < limit);
          return found;
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>Blocks until the server has taken the subscription. A handler that is slow is not run ahead
   * of: what it is behind with stays in the stream.
   */
  @Override
  public AutoCloseable subscribe(RunId run, Consumer<AgentMessage> handler) {
    requireNonNull(handler, "handler");
    var subscription = new BusSubscription(reads(run), threads, handler, refill);
    Duration atMost = Attempts.longest(connections.options());
    reached(
        run,
        () -> {
          subscription.start(connections.feed(), atMost);
          return subscription;
        });
    threads.add(subscription);
    return subscription;
  }

  /**
   * Begins a consumer that gets each message of a run until it has been handled, also those that
   * were published before and those that another consumer of its group was killed with.
   *
   * @param group who shares the messages: each is handled by one consumer of a group
   * @param name the consumer's name within the group; a new process with the name of one that died
   *     goes on with what that had not finished
   */
  public MessageConsumerBuilder consumer(RunId run, String group, String name) {
    return new MessageConsumerBuilder(
        connections,
        reads(run),
        requireNonNull(group, "group"),
        requireNonNull(name, "name"),
        this::add,
        consumers::remove);
  }

  private void add(MessageConsumer consumer) {
    consumers.add(consumer);
    if (closed.get()) {
      consumer.close();
    }
  }

  /**
   * {@inheritDoc} Its messages stay readable for {@link RedisOptions#keepFinished()}, for the other
   * processes of the run; subscriptions of this bus end.
   */
  @Override
  public void release(RunId run) {
    MessageKeys keys = keys(run);
    for (BusSubscription subscription : threads.subscriptions()) {
      if (subscription.reads().run().equals(run)) {
        subscription.close();
      }
    }
    long keep = connections.options().keepFinished().toMillis();
    for (String key : List.of(keys.messages(), keys.ids())) {
      try {
        Boolean unused = connections.await("PEXPIRE", connections.commands().pexpire(key, keep));
      } catch (RedisFailure e) {
        log.debug("run {}: its messages go {} after the last", run, connections.options().keep());
      }
    }
  }

  /** Looks for messages whose announcement was lost, as the timer does. */
  void look() {
    threads.look();
  }

  private BusReads reads(RunId run) {
    return new BusReads(connections, run, keys(run));
  }

  private MessageKeys keys(RunId run) {
    requireNonNull(run, "run");
    if (closed.get()) {
      throw new CoordinationUnavailableException(
          "message bus " + connections.where() + ": it is closed. Use one that is open.", null);
    }
    return MessageKeys.of(tenant, run);
  }

  private static <T> T reached(RunId run, Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisFailure e) {
      throw new CoordinationUnavailableException(
          "message bus "
              + e.getMessage()
              + ", for run '"
              + run
              + "'. See that the server answers, and try again: a repeated id is published once.",
          e);
    }
  }

  /** Ends subscriptions and consumers, and closes its connections, within seconds. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      consumers.forEach(MessageConsumer::close);
      threads.subscriptions().forEach(BusSubscription::close);
      threads.close();
      connections.close();
    }
  }

  /** Returns the server. */
  @Override
  public String toString() {
    return "RedisMessageBus[" + connections.where() + "]";
  }
}

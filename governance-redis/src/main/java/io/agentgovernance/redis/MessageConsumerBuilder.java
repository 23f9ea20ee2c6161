// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.secret.Log;
import java.time.Duration;
import java.util.function.Consumer;

/** Begins a {@link MessageConsumer}. Not thread safe; reusable. */
public final class MessageConsumerBuilder {
  static final Duration DEFAULT_MIN_IDLE = Duration.ofSeconds(30);
  private static final Log log = Log.of(MessageConsumerBuilder.class);

  private final RedisConnections connections;
  private final BusReads reads;
  private final String group;
  private final String name;
  private final Consumer<MessageConsumer> begun;
  private final Consumer<MessageConsumer> ended;
  private Duration minIdle = DEFAULT_MIN_IDLE;
  private Consumer<Delivery> onDead = MessageConsumerBuilder::warn;

  MessageConsumerBuilder(
      RedisConnections connections,
      BusReads reads,
      String group,
      String name,
      Consumer<MessageConsumer> begun,
      Consumer<MessageConsumer> ended) {
    this.connections = connections;
    this.reads = reads;
    this.group = group;
    this.name = name;
    this.begun = begun;
    this.ended = ended;
  }

  private static void warn(Delivery dead) {
    log.warn(
        "run {}: message {} is a dead letter after {} deliveries",
        dead.message().run(),
        dead.message().sequence(),
        dead.attempt());
  }

  /**
   * Sets how long a message that was delivered and not handled rests before it is delivered again,
   * to whichever consumer of the group is there. A handler that takes longer may have its message
   * delivered a second time meanwhile. If unset, 30 seconds.
   *
   * @throws IllegalArgumentException if it is less than a millisecond
   */
  public MessageConsumerBuilder minIdle(Duration minIdle) {
    if (minIdle.toMillis() < 1) {
      throw new IllegalArgumentException("minIdle must be at least 1 ms but was " + minIdle);
    }
    this.minIdle = minIdle;
    return this;
  }

  /**
   * Sets who is told of a message that was delivered {@value MessageConsumer#MOST_DELIVERIES} times
   * and not handled, before it becomes a dead letter; to write it into a ledger, for instance. If
   * it throws, it is called again later. If unset, a warning is logged.
   */
  public MessageConsumerBuilder onDead(Consumer<Delivery> onDead) {
    this.onDead = requireNonNull(onDead, "onDead");
    return this;
  }

  /**
   * Begins to consume, on a thread and a connection of its own.
   *
   * @param handler is called for one message after the other; returning acknowledges the message
   * @throws io.agentgovernance.spi.CoordinationUnavailableException if no connection can be made
   */
  public MessageConsumer start(Consumer<Delivery> handler) {
    var consumer =
        new MessageConsumer(
            connections,
            reads,
            new MessageConsumer.Terms(
                group, name, minIdle, requireNonNull(handler, "handler"), onDead),
            ended);
    consumer.start();
    begun.accept(consumer);
    return consumer;
  }
}

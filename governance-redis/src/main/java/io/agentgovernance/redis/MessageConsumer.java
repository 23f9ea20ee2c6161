// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.models.stream.ClaimedMessages;
import io.lettuce.core.models.stream.PendingMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Gets the messages of a run, one after the other, and each until it was handled.
 *
 * <p>It begins with what a consumer of its name had not finished, goes on with what is new, and
 * takes over what any consumer of its group was given and has not finished within the idle time. A
 * message whose handler throws is delivered again after that time. What was delivered {@value
 * #MOST_DELIVERIES} times and not handled becomes a dead letter. Messages come in their order,
 * apart from those that are delivered again.
 *
 * <p>Thread safe. The handler is called on the consumer's own thread.
 */
public final class MessageConsumer implements AutoCloseable {
  /** How often a message is delivered at most. */
  public static final int MOST_DELIVERIES = 5;

  private static final Log log = Log.of(MessageConsumer.class);
  private static final Script BURY = Script.resource("message_bury");
  private static final Duration BLOCK = Duration.ofMillis(500);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration AGAIN_AFTER = Duration.ofMillis(100);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  /** What it was asked to do. */
  record Terms(
      String group,
      String name,
      Duration minIdle,
      Consumer<Delivery> handler,
      Consumer<Delivery> onDead) {}

  private final RedisConnections connections;
  private final BusReads reads;
  private final Terms terms;
  private final Consumer<MessageConsumer> ended;
  private final RedisLine line;
  private final RedisClusterAsyncCommands<String, String> commands;
  private final io.lettuce.core.Consumer<String> self;
  private final String key;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  MessageConsumer(
      RedisConnections connections, BusReads reads, Terms terms, Consumer<MessageConsumer> ended) {
    this.connections = connections;
    this.reads = reads;
    this.terms = terms;
    this.ended = ended;
    this.key = reads.keys().messages();
    this.self = io.lettuce.core.Consumer.from(terms.group(), terms.name());
    this.line = connected(connections);
    this.commands = line.commands();
    this.thread = new Thread(this::consume, "governance-redis-consumer-" + terms.name());
    thread.setDaemon(true);
  }

  private static RedisLine connected(RedisConnections connections) {
    try {
      return connections.another();
    } catch (RedisFailure e) {
      throw new CoordinationUnavailableException(
          "message bus " + e.getMessage() + ". See that the server answers, and try again.", e);
    }
  }

  void start() {
    thread.start();
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void consume() {
    while (!closed()) {
      try {
        makeGroup();
        takeUpOwn();
        followNew();
      } catch (RedisFailure e) { // no answer, or the group is gone with its stream
        log.debug("run {}: consumer {} begins again", reads.run(), terms.name(), e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      boolean unused = closing.await(AGAIN_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // close() interrupts nothing; whoever else did may have meant the handler
      log.debug("run {}: consumer {} was interrupted", reads.run(), terms.name());
    }
  }

  private void makeGroup() {
    try {
      String unused =
          connections.await(
              "XGROUP CREATE",
              commands.xgroupCreate(
                  StreamOffset.from(key, "0"), terms.group(), XGroupCreateArgs.Builder.mkstream()));
    } catch (RedisFailure e) {
      if (!String.valueOf(e.getMessage()).contains("BUSYGROUP")) {
        throw e;
      }
    }
  }

  /** What a process of this name was given and has not finished. */
  private void takeUpOwn() {
    String after = "0";
    while (!closed()) {
      List<StreamMessage<String, String>> own = read(XReadArgs.Builder.count(1), after);
      if (own.isEmpty()) {
        return;
      }
      after = own.get(0).getId();
      again(own.get(0));
    }
  }

  private void followNew() {
    long period = Math.max(1, Math.min(terms.minIdle().toNanos() / 2, LOOK_EVERY.toNanos()));
    long looked = System.nanoTime() - period;
    Duration block = connections.options().commandTimeout().dividedBy(2);
    block = block.compareTo(BLOCK) < 0 ? block : BLOCK;
    block = terms.minIdle().compareTo(block) < 0 ? terms.minIdle() : block;
    XReadArgs next = XReadArgs.Builder.count(1).block(block);
    while (!closed()) {
      if (System.nanoTime() - looked >= period) {
        looked = System.nanoTime();
        takeOver();
      }
      for (StreamMessage<String, String> entry : read(next, ">")) {
        deliver(entry, 1);
      }
    }
  }

  @SuppressWarnings("unchecked") // an array of one
  private List<StreamMessage<String, String>> read(XReadArgs how, String from) {
    List<StreamMessage<String, String>> read =
        connections.await(
            "XREADGROUP", commands.xreadgroup(self, how, StreamOffset.from(key, from)));
    return read == null ? List.of() : read;
  }

  /** What any consumer of the group was given and has not finished for too long. */
  private void takeOver() {
    String from = "0-0";
    do {
      XAutoClaimArgs<String> args =
          new XAutoClaimArgs<String>()
              .consumer(self)
              .minIdleTime(terms.minIdle())
              .startId(from)
              .count(1);
      ClaimedMessages<String, String> claimed =
          connections.await("XAUTOCLAIM", commands.xautoclaim(key, args));
      claimed.getMessages().forEach(this::again);
      from = claimed.getId();
    } while (!from.equals("0-0") && !closed());
  }

  /** It was delivered before; how often, the server knows. */
  private void again(StreamMessage<String, String> entry) {
    String id = entry.getId();
    List<PendingMessage> pending =
        connections.await(
            "XPENDING", commands.xpending(key, terms.group(), Range.create(id, id), Limit.from(1)));
    if (!pending.isEmpty()) {
      deliver(entry, pending.get(0).getRedeliveryCount());
    }
  }

  private void deliver(StreamMessage<String, String> entry, long attempt) {
    Delivery delivery;
    try {
      delivery = new Delivery(reads.message(entry), attempt);
    } catch (RuntimeException e) {
      log.warn("run {}: message {} cannot be read", reads.run(), entry.getId(), e);
      bury(entry, attempt);
      return;
    }
    if (attempt > MOST_DELIVERIES) { // the process died with the last one
      buried(entry, new Delivery(delivery.message(), MOST_DELIVERIES));
      return;
    }
    try {
      terms.handler().accept(delivery);
    } catch (RuntimeException | Error e) {
      log.warn(
          "run {}: consumer {} of group {} failed with message {}, delivery {}",
          reads.run(),
          terms.name(),
          terms.group(),
          delivery.message().sequence(),
          attempt,
          e);
      if (attempt == MOST_DELIVERIES) {
        buried(entry, delivery);
      }
      return;
    }
    Long unused =
        connections.call(
            "XACK", () -> connections.commands().xack(key, terms.group(), entry.getId()));
  }

  private void buried(StreamMessage<String, String> entry, Delivery delivery) {
    try {
      terms.onDead().accept(delivery);
    } catch (RuntimeException | Error e) {
      log.warn("run {}: a dead letter waits until it can be told", reads.run(), e);
      return;
    }
    bury(entry, delivery.attempt());
  }

  private void bury(StreamMessage<String, String> entry, long attempt) {
    List<Object> unused =
        connections.call(
            BURY.name(),
            () ->
                connections.run(
                    BURY,
                    reads.keys().toBury(),
                    terms.group(),
                    entry.getId(),
                    String.valueOf(BusReads.sequence(entry.getId())),
                    String.valueOf(attempt),
                    entry.getBody().getOrDefault("m", ""),
                    String.valueOf(connections.options().keep().toMillis())));
  }

  /**
   * Ends it after the message that is being handled; what was not finished is another consumer's.
   * Blocks for five seconds at most, and not at all on its own thread.
   */
  @Override
  public void close() {
    closing.countDown();
    ended.accept(this);
    if (Thread.currentThread() != thread) {
      try {
        thread.join(CLOSE_LIMIT.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    line.close();
  }
}

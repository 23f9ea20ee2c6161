// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.redis.RedisMessageBus;
import io.agentgovernance.testkit.redis.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * How long a message takes from the call that publishes it to the handler that has it, over the
 * message bus and over plain Pub/Sub of Lettuce with the same bytes, to one server, turn by turn. A
 * listener of an application must not hold up the event loop, so plain Pub/Sub is shown a second
 * time with a listener that hands each message to a thread; the aim is about the first.
 *
 * <p>The bus is shown twice too: within one process, and from one bus to another, as between two.
 */
public final class BusBenchmark {
  private static final int[] SIZES = {200, 2_000};
  private static final double AIM = 1.5;

  /** How many messages are sent before any is counted: fewer would measure the compiler. */
  private static final int WARM_UP = 10_000;

  private final RedisServer redis;
  private final int rounds;
  private final int messages;

  private BusBenchmark(RedisServer redis, int rounds, int messages) {
    this.redis = redis;
    this.rounds = rounds;
    this.messages = messages;
  }

  /**
   * Runs it and prints the table. With {@code quick}, in one short round.
   *
   * @param args at most {@code quick}
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 1 || (args.length == 1 && !args[0].equals("quick"))) {
      System.err.println("expected nothing or 'quick', but found " + String.join(" ", args));
      System.exit(2);
    }
    var quick = args.length == 1;
    try (var redis = RedisServer.start()) {
      new BusBenchmark(redis, quick ? 1 : 7, quick ? 2_000 : 10_000).measure();
    }
  }

  private void measure() throws Exception {
    System.out.println(Environment.describe());
    System.out.printf(
        Locale.ROOT,
        "Redis %s on the loopback interface, in memory; %d rounds of %,d messages one after the"
            + " other, the median round is shown%n%n",
        String.valueOf(redis.command("INFO", "server"))
            .lines()
            .filter(line -> line.startsWith("redis_version:"))
            .map(line -> line.substring(line.indexOf(':') + 1))
            .findFirst()
            .orElse("?"),
        rounds,
        messages);
    System.out.println(
        "| bytes of content | | p50 µs | p99 µs | p50 × plain, median (range) | at most 1.5 |");
    System.out.println("|---|---|---|---|---|---|");
    for (var size : SIZES) {
      measure(Payload.text("x".repeat(size)));
    }
  }

  private void measure(Payload content) throws Exception {
    var plain = new ArrayList<Latencies>();
    var handed = new ArrayList<Latencies>();
    var governed = new ArrayList<Latencies>();
    var between = new ArrayList<Latencies>();
    var thread = Executors.newSingleThreadExecutor();
    try (var bus = RedisMessageBus.builder(redis.uri()).open();
        var other = RedisMessageBus.builder(redis.uri()).open()) {
      var client = RedisClient.create(redis.uri());
      try {
        for (var round = -warmUp(); round < rounds; round++) {
          plain.add(plain(client, content, Runnable::run));
          handed.add(plain(client, content, thread));
          governed.add(governed(bus, bus, content));
          between.add(governed(other, bus, content));
          if (round < 0) {
            plain.clear();
            handed.clear();
            governed.clear();
            between.clear();
          }
        }
      } finally {
        client.shutdown();
      }
    } finally {
      thread.shutdownNow();
    }
    print(content, "plain Pub/Sub of Lettuce, on its event loop", plain, plain);
    print(content, "plain Pub/Sub of Lettuce, handed to a thread", handed, plain);
    print(content, "RedisMessageBus", governed, plain);
    print(content, "RedisMessageBus, published by another bus", between, plain);
  }

  private int warmUp() {
    return (WARM_UP + messages - 1) / messages;
  }

  private static void print(
      Payload content, String what, List<Latencies> rounds, List<Latencies> floor) {
    var found = median(rounds);
    var ratios = Ratios.of(rounds, floor, round -> round.millis(0.5));
    System.out.printf(
        Locale.ROOT,
        "| %,d | %s | %.1f | %.1f | %s | %s |%n",
        content.bytes(),
        what,
        found.millis(0.5) * 1e3,
        found.millis(0.99) * 1e3,
        ratios,
        rounds.equals(floor) ? "" : ratios.atMost(AIM));
  }

  private static Latencies median(List<Latencies> rounds) {
    var sorted =
        rounds.stream().sorted(Comparator.comparingDouble(round -> round.millis(0.5))).toList();
    return sorted.get(sorted.size() / 2);
  }

  /** A handler notes when it has the message; the publisher waits for that. */
  private static final class Arrival {
    private final Semaphore arrived = new Semaphore(0);
    private volatile long at;

    void now() {
      at = System.nanoTime();
      arrived.release();
    }

    long await() throws InterruptedException {
      arrived.acquire();
      return at;
    }
  }

  private Latencies plain(RedisClient client, Payload content, Executor handler) throws Exception {
    var latencies = new Latencies();
    var arrival = new Arrival();
    try (var subscribing = client.connectPubSub();
        var publishing = client.connect()) {
      subscribing.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              handler.execute(arrival::now);
            }
          });
      subscribing.sync().subscribe("plain");
      RedisCommands<String, String> commands = publishing.sync();
      for (var i = 0; i < messages; i++) {
        // as many bytes as the bus announces: content, id, sender, time
        var message = "{\"v\":1,\"id\":\"" + i + HEAD + content.json() + "}";
        var start = System.nanoTime();
        commands.publish("plain", message);
        latencies.add(arrival.await() - start);
      }
    }
    return latencies;
  }

  private static final String HEAD =
      "\",\"from\":\"01jd4k0v8m2n3p4q5r6s7t8v9w-alpha\",\"fence\":4294967297,"
          + "\"at\":\"2026-11-20T10:15:30.000000001Z\",\"content\":";

  private Latencies governed(RedisMessageBus publisher, RedisMessageBus bus, Payload content)
      throws Exception {
    var latencies = new Latencies();
    var arrival = new Arrival();
    var run = RunId.random();
    var subscription = bus.subscribe(run, message -> arrival.now());
    try (subscription) {
      for (var i = 0; i < messages; i++) {
        var message =
            new AgentMessage(
                run,
                String.valueOf(i),
                0,
                run.agent(AgentRole.ALPHA),
                4_294_967_297L,
                null,
                content,
                Instant.now());
        var start = System.nanoTime();
        publisher.publish(message);
        latencies.add(arrival.await() - start);
      }
    }
    bus.release(run);
    return latencies;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Two processes at one run on a Redis of its own, of which one coordinates and one has joined. */
final class Nodes implements AutoCloseable {
  /** What a run says that has all its answers. */
  static final String ALL =
      "RESULT COMPLETED {\"alpha\":\""
          + replies("alpha")
          + "\",\"beta\":\""
          + replies("beta")
          + "\"}";

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration ENOUGH = Duration.ofMinutes(2);

  /** One process, and what it said by the first word of the line. */
  static final class Node {
    private final Map<String, CompletableFuture<String>> said = new ConcurrentHashMap<>();
    private @Nullable SecondProcess process;

    private void heard(String line) {
      said(line.split(" ", 2)[0]).complete(line);
    }

    private CompletableFuture<String> said(String word) {
      return said.computeIfAbsent(word, any -> new CompletableFuture<>());
    }

    /** Waits until it says a line with this word at the beginning. */
    String awaits(String word) throws Exception {
      return said(word).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    Process process() {
      return started().process();
    }

    private SecondProcess started() {
      SecondProcess started = process;
      if (started == null) {
        throw new IllegalStateException("it was not started");
      }
      return started;
    }

    void kill() {
      started().kill();
    }

    /** Has it stand still (SIGSTOP), or go on (SIGCONT). */
    void signal(String name) throws Exception {
      Process kill =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process().pid())).start();
      assertThat(kill.waitFor()).isZero();
    }
  }

  final RedisServer redis = RedisServer.start();
  final Node first = new Node();
  final Node second = new Node();
  private final String run = RunId.random().value();

  private Nodes() {}

  /** Starts both, and waits until the second one has joined. */
  static Nodes start(String... options) throws Exception {
    return start(ENOUGH, List.of(options), List.of(options));
  }

  static Nodes start(Duration timeout, List<String> first, List<String> second) throws Exception {
    Nodes nodes = new Nodes();
    boolean joined = false;
    try {
      nodes.start(nodes.first, "start", timeout, first);
      nodes.start(nodes.second, "join", timeout, second);
      String unused = nodes.second.awaits("JOINED");
      joined = true;
    } finally {
      if (!joined) {
        nodes.close();
      }
    }
    return nodes;
  }

  private void start(Node node, String what, Duration timeout, List<String> options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(what, redis.uri(), run, timeout.toString()));
    arguments.addAll(options);
    node.process = SecondProcess.start(NodeMain.class, arguments, node::heard);
  }

  private static String replies(String name) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < NodeMain.ROUNDS; i++) {
      all.append("re: ").append(name).append(' ').append(i).append(';');
    }
    return all.toString();
  }

  /** The finished calls that were made again, as the provider of the model saw it. */
  String repeated() {
    return String.valueOf(redis.command("SMEMBERS", "repeated"));
  }

  long calls() {
    return Long.parseLong(String.valueOf(redis.command("GET", "calls")));
  }

  /** How many answers the agents have gone on with. */
  long kept() {
    return Long.parseLong(String.valueOf(redis.command("SCARD", "kept")));
  }

  /** Waits until agents went on with an answer. */
  void awaitKept(String asked) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!Long.valueOf(1).equals(redis.command("SISMEMBER", "kept", asked))) {
      assertThat(System.nanoTime()).as("waiting for the answer to %s", asked).isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    for (Node node : List.of(first, second)) {
      SecondProcess started = node.process;
      if (started != null) {
        started.kill();
      }
    }
    redis.close();
  }
}

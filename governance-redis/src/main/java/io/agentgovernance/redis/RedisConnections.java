// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The connections of one JVM to one server or cluster: one for commands, which all threads share,
 * and one for announcements, made when the first is wanted. Thread safe.
 */
final class RedisConnections implements AutoCloseable {
  static final Duration SHUTDOWN = Duration.ofSeconds(2);

  private final RedisAddress address;
  private final RedisOptions options;
  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final RedisURI uri;
  private final RedisClusterAsyncCommands<String, String> commands;
  private final RedisFeed feed;
  private final ThreadPoolExecutor delivery;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RedisConnections(
      RedisAddress address,
      RedisOptions options,
      ClientResources resources,
      RedisURI uri,
      RedisLink link) {
    this.address = address;
    this.options = options;
    this.resources = resources;
    this.uri = uri;
    this.client = link.client();
    this.commands = link.commands();
    this.feed = new RedisFeed(this::connectFeed, resources.eventExecutorGroup());
    this.delivery = RedisClients.deliveryThread();
  }

  /**
   * Connects.
   *
   * @param options what holds where the address says nothing
   * @throws RedisFailure if the server does not answer
   * @throws GovernanceException if a secret cannot be read
   */
  static RedisConnections open(
      RedisAddress address, RedisOptions options, Optional<SecretSource> secrets) {
    return open(address, options, secrets, RedisClients::resources);
  }

  /** The same with other threads of Lettuce, which end with the connections. */
  static RedisConnections open(
      RedisAddress address,
      RedisOptions options,
      Optional<SecretSource> secrets,
      Supplier<ClientResources> threads) {
    RedisOptions effective = options.with(address);
    AtomicReference<GovernanceException> unread = new AtomicReference<>();
    List<RedisURI> uris =
        RedisClients.uris(address, effective, secrets.map(source -> noting(source, unread)));
    ClientResources resources = threads.get();
    try {
      RedisLink link = RedisLink.connect(effective, address, uris, resources);
      return new RedisConnections(address, effective, resources, uris.get(0), link);
    } catch (RuntimeException e) {
      RedisClients.shutdown(resources);
      for (Throwable at = e; at != null; at = at.getCause()) {
        if (at instanceof GovernanceException known) {
          throw known; // such as a file that is not there
        }
      }
      GovernanceException secret = unread.get();
      throw secret == null ? RedisFailure.of(address.safe(), "connect", e) : secret;
    }
  }

  /** Lettuce may tell of the connection that ended for it, and not of the secret. */
  private static SecretSource noting(
      SecretSource source, AtomicReference<GovernanceException> unread) {
    return reference -> {
      try {
        Secret secret = source.read(reference);
        unread.set(null);
        return secret;
      } catch (GovernanceException e) {
        unread.set(e);
        throw e;
      }
    };
  }

  private StatefulRedisPubSubConnection<String, String> connectFeed() {
    if (client instanceof RedisClusterClient cluster) {
      return cluster.connectPubSub(StringCodec.UTF8);
    }
    return ((RedisClient) client).connectPubSub(StringCodec.UTF8, uri);
  }

  /**
   * Makes a connection for commands that block. Who asked for it closes it.
   *
   * @throws RedisFailure if the server does not answer
   */
  RedisLine another() {
    try {
      return RedisLine.connect(client, uri);
    } catch (RuntimeException e) {
      throw RedisFailure.of(where(), "connect", e);
    }
  }

  /** Which server it is, without anything secret. */
  String where() {
    return address.safe();
  }

  /** The options with what the URI said. */
  RedisOptions options() {
    return options;
  }

  /** The commands of the shared connection. */
  RedisClusterAsyncCommands<String, String> commands() {
    return commands;
  }

  /** The announcements of the server, all over one connection. */
  RedisFeed feed() {
    return feed;
  }

  /** One thread on which listeners may be called; never an event loop. */
  Executor delivery() {
    return delivery;
  }

  /** Runs a short task after a while, unless everything is closed then. */
  void later(Runnable task, long milliseconds) {
    if (!closed.get()) {
      var unused =
          resources.eventExecutorGroup().schedule(task, milliseconds, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Runs a script once, and loads it if the server does not know it. Its keys decide where it runs.
   *
   * @return what the script answers, which is a list
   */
  CompletionStage<List<Object>> run(Script script, String[] keys, String... arguments) {
    CompletableFuture<List<Object>> answer = new CompletableFuture<>();
    commands
        .dispatch(
            CommandType.EVALSHA,
            new NestedMultiOutput<>(StringCodec.UTF8),
            script.call(keys, arguments))
        .whenComplete(
            (result, thrown) -> {
              if (thrown == null) {
                answer.complete(result);
              } else if (RedisFailure.unwrapped(thrown) instanceof RedisNoScriptException) {
                load(script, keys, arguments, answer);
              } else {
                answer.completeExceptionally(thrown);
              }
            });
    return answer;
  }

  /** Sends the text: the server that is to run it remembers it then. */
  private void load(
      Script script, String[] keys, String[] arguments, CompletableFuture<List<Object>> answer) {
    commands
        .<List<Object>>eval(script.text(), ScriptOutputType.MULTI, keys, arguments)
        .whenComplete(
            (result, thrown) -> {
              if (thrown == null) {
                answer.complete(result);
              } else {
                answer.completeExceptionally(thrown);
              }
            });
  }

  /**
   * Gives a command until it is answered: at most 5 times and for as long as five commands may
   * take. Between two attempts it waits a moment, longer each time. Interruption does not end it;
   * the limits do.
   *
   * @param what which command or script, for messages
   * @param command gives it; giving it again must change nothing
   * @throws RedisFailure if there is no answer, or an error that would come again
   */
  <T> T call(String what, Supplier<CompletionStage<T>> command) {
    return call(what, command, Attempts.of(options));
  }

  /** The same within the time that one command may take, all attempts together. */
  <T> T callOnce(String what, Supplier<CompletionStage<T>> command) {
    return call(what, command, Attempts.within(options.commandTimeout()));
  }

  private <T> T call(String what, Supplier<CompletionStage<T>> command, Attempts attempts) {
    while (true) {
      try {
        return await(what, command.get(), attempts.left());
      } catch (RedisFailure e) {
        if (closed.get() || !attempts.again(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Waits for a reply, also while the thread is interrupted: the wait is bounded by the timeout of
   * commands.
   *
   * @param what which command or script, for messages
   * @throws RedisFailure if there is none, or an error
   */
  <T> T await(String what, CompletionStage<T> reply) {
    return await(what, reply, options.commandTimeout().multipliedBy(2).plusSeconds(1).toNanos());
  }

  private <T> T await(String what, CompletionStage<T> reply, long limit) {
    CompletableFuture<T> future = reply.toCompletableFuture();
    long begun = System.nanoTime();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(limit - (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      throw RedisFailure.of(where(), what, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Whether it was closed. */
  boolean closed() {
    return closed.get();
  }

  /** Closes all connections within seconds. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      delivery.shutdown();
      feed.close();
      RedisLink.shutdown(client);
      RedisClients.shutdown(resources);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.BadInputException;
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.IOUringProvider;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** How clients are made: what Lettuce would otherwise leave unbounded is bounded here. */
final class RedisClients {
  private static final Log log = Log.of(RedisClients.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);
  private static final Duration ADAPTIVE_REFRESH_PAUSE = Duration.ofSeconds(1);
  private static final int RECONNECT_AT_LEAST_MS = 20;
  private static final int RECONNECT_AT_MOST_MS = 500;

  private RedisClients() {}

  static ClientResources resources() {
    return builder().build();
  }

  /**
   * One event loop for all connections: what comes over two of them at once, such as an answer and
   * an announcement, wakes one thread.
   */
  static ClientResources ofOneLoop() {
    return builder().eventLoopGroupProvider(new DefaultEventLoopGroupProvider(1)).build();
  }

  private static ClientResources.Builder builder() {
    return ClientResources.builder()
        .reconnectDelay(
            Delay.equalJitter(
                Duration.ofMillis(RECONNECT_AT_LEAST_MS),
                Duration.ofMillis(RECONNECT_AT_MOST_MS),
                RECONNECT_AT_LEAST_MS,
                TimeUnit.MILLISECONDS));
  }

  /** Ends the threads within seconds, also event loops that Lettuce takes for somebody else's. */
  static void shutdown(ClientResources resources) {
    long limit = RedisConnections.SHUTDOWN.toMillis();
    var unused = resources.shutdown(0, limit, TimeUnit.MILLISECONDS);
    var unusedLoops = resources.eventLoopGroupProvider().shutdown(0, limit, TimeUnit.MILLISECONDS);
  }

  /** Its tasks are one per run at most; the thread ends when there is nothing to do. */
  static ThreadPoolExecutor deliveryThread() {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, "governance-redis-delivery");
              made.setDaemon(true);
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  static ClientOptions single(RedisOptions options, RedisAddress address) {
    return common(ClientOptions.builder(), options, address).build();
  }

  static ClusterClientOptions cluster(RedisOptions options, RedisAddress address) {
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    common(builder, options, address);
    return builder.topologyRefreshOptions(refresh()).build();
  }

  @SuppressWarnings("deprecation") // Lettuce 7 has them on anyway, Lettuce 6 does not
  private static ClusterTopologyRefreshOptions refresh() {
    return ClusterTopologyRefreshOptions.builder()
        .enableAdaptiveRefreshTrigger(RefreshTrigger.values())
        .adaptiveRefreshTriggersTimeout(ADAPTIVE_REFRESH_PAUSE)
        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
        .build();
  }

  private static ClientOptions.Builder common(
      ClientOptions.Builder builder, RedisOptions options, RedisAddress address) {
    String authority = address.parameter(RedisAddress.CA);
    if (authority != null) {
      builder.sslOptions(SslOptions.builder().trustManager(RedisAddress.file(authority)).build());
    }
    builder
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(options.queueSize())
        .timeoutOptions(TimeoutOptions.enabled(options.commandTimeout()))
        .socketOptions(sockets(options));
    if (options.protocol() == RedisOptions.Protocol.RESP2) {
      builder.protocolVersion(ProtocolVersion.RESP2);
    } // else Lettuce tries RESP3 and falls back
    withoutMaintenanceNotifications(builder);
    return builder;
  }

  private static SocketOptions sockets(RedisOptions options) {
    Duration timeout = options.commandTimeout();
    Duration connect = timeout.compareTo(CONNECT_TIMEOUT) > 0 ? timeout : CONNECT_TIMEOUT;
    SocketOptions.Builder sockets =
        SocketOptions.builder()
            .connectTimeout(connect)
            .tcpNoDelay(true)
            .keepAlive(
                KeepAliveOptions.builder()
                    .enable()
                    .idle(Duration.ofSeconds(5))
                    .interval(Duration.ofSeconds(2))
                    .count(3)
                    .build());
    if (EpollProvider.isAvailable() || IOUringProvider.isAvailable()) {
      sockets.tcpUserTimeout(
          TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(timeout.multipliedBy(2)).build());
    }
    return sockets.build();
  }

  /** Lettuce 7 asks every server for them; Lettuce 6 does not know them. */
  private static void withoutMaintenanceNotifications(ClientOptions.Builder builder) {
    try {
      Class<?> type =
          Class.forName(
              "io.lettuce.core.MaintNotificationsConfig",
              true,
              ClientOptions.class.getClassLoader());
      Object disabled = type.getMethod("disabled").invoke(null);
      ClientOptions.Builder.class
          .getMethod("maintNotificationsConfig", type)
          .invoke(builder, disabled);
    } catch (ClassNotFoundException | NoSuchMethodException e) {
      log.debug("this Lettuce asks for no maintenance notifications");
    } catch (IllegalAccessException | InvocationTargetException e) {
      log.debug("maintenance notifications stay on", e);
    }
  }

  /** The URIs to begin with: one, or one for each node of a cluster. */
  static List<RedisURI> uris(
      RedisAddress address, RedisOptions options, Optional<SecretSource> secrets) {
    Optional<RedisCredentialsProvider> credentials = credentials(address, secrets);
    List<RedisURI> uris = new ArrayList<>();
    if (address.sentinel()) {
      RedisURI.Builder builder = null;
      for (RedisAddress.Host host : address.hosts()) {
        builder =
            builder == null
                ? RedisURI.Builder.sentinel(host.name(), host.port(), address.master())
                : builder.withSentinel(host.name(), host.port());
      }
      if (builder != null) {
        uris.add(finished(builder, address, options, credentials));
      }
      return uris;
    }
    for (RedisAddress.Host host : address.hosts()) {
      uris.add(
          finished(
              RedisURI.Builder.redis(host.name(), host.port()), address, options, credentials));
    }
    return uris;
  }

  private static RedisURI finished(
      RedisURI.Builder builder,
      RedisAddress address,
      RedisOptions options,
      Optional<RedisCredentialsProvider> credentials) {
    builder
        .withSsl(address.tls())
        .withDatabase(address.database())
        .withTimeout(options.commandTimeout())
        .withClientName("agent-governance");
    credentials.ifPresent(builder::withAuthentication);
    return builder.build();
  }

  /** Reads the secret whenever a connection is made, so that it may be changed meanwhile. */
  private static Optional<RedisCredentialsProvider> credentials(
      RedisAddress address, Optional<SecretSource> secrets) {
    String reference = address.parameter(RedisAddress.PASSWORD);
    if (reference == null) {
      return Optional.empty();
    }
    SecretSource source =
        secrets.orElseThrow(
            () ->
                new BadInputException(
                    "Redis URI",
                    "a reference to a password, and no secret source",
                    "a secret source that reads it",
                    "Pass one with Orchestrator.builder().secrets(…)"));
    String username = address.parameter(RedisAddress.USERNAME);
    return Optional.of(
        () ->
            Mono.fromCallable(() -> read(source, reference, username))
                .subscribeOn(Schedulers.boundedElastic()));
  }

  private static RedisCredentials read(
      SecretSource source, String reference, @Nullable String username) {
    try (Secret secret = source.read(reference)) {
      return secret.use(value -> RedisCredentials.just(username, value.clone()));
    }
  }
}

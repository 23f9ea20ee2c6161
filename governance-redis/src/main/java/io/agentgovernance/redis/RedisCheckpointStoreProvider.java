// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.ProviderContext;

/**
 * Opens {@code redis://host:port…} as a checkpoint store; {@link Tls}, {@link Sentinel} and {@link
 * TlsSentinel} do so for {@code rediss:}, {@code redis-sentinel:} and {@code rediss-sentinel:}. The
 * parameters of the URI are the names of {@link RedisOptions}. Thread safe.
 */
public sealed class RedisCheckpointStoreProvider implements CheckpointStoreProvider {
  private final String scheme;

  /** Made by {@link java.util.ServiceLoader}. */
  public RedisCheckpointStoreProvider() {
    this("redis");
  }

  private RedisCheckpointStoreProvider(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public final String scheme() {
    return scheme;
  }

  @Override
  public final CheckpointStore open(String rest, ProviderContext context) {
    var builder = new RedisCheckpointStoreBuilder(RedisAddress.parse(scheme, rest));
    context.secrets().ifPresent(builder::secrets);
    return builder.open();
  }

  /** Opens {@code rediss:}, which is encrypted. */
  public static final class Tls extends RedisCheckpointStoreProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public Tls() {
      super("rediss");
    }
  }

  /** Opens {@code redis-sentinel:}. */
  public static final class Sentinel extends RedisCheckpointStoreProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public Sentinel() {
      super("redis-sentinel");
    }
  }

  /** Opens {@code rediss-sentinel:}, which is encrypted. */
  public static final class TlsSentinel extends RedisCheckpointStoreProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public TlsSentinel() {
      super("rediss-sentinel");
    }
  }
}

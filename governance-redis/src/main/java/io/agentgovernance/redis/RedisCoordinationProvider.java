// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;

/**
 * Opens {@link RedisCoordination} for {@code redis://…}; its subclasses do for the other schemes.
 */
public class RedisCoordinationProvider implements CoordinationProvider {
  private final String scheme;

  /** Makes the provider of {@code redis}. */
  public RedisCoordinationProvider() {
    this("redis");
  }

  RedisCoordinationProvider(String scheme) {
    this.scheme = scheme;
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public Coordination open(String rest, ProviderContext context) {
    return RedisCoordination.open(
        RedisAddress.parse(scheme, rest), RedisOptions.DEFAULT, context.secrets(), context.time());
  }

  /** Opens it for {@code rediss://…}, with TLS. */
  public static final class Tls extends RedisCoordinationProvider {
    /** Makes the provider of {@code rediss}. */
    public Tls() {
      super("rediss");
    }
  }

  /** Opens it for {@code redis-sentinel://…}. */
  public static final class Sentinel extends RedisCoordinationProvider {
    /** Makes the provider of {@code redis-sentinel}. */
    public Sentinel() {
      super("redis-sentinel");
    }
  }

  /** Opens it for {@code rediss-sentinel://…}, with TLS. */
  public static final class TlsSentinel extends RedisCoordinationProvider {
    /** Makes the provider of {@code rediss-sentinel}. */
    public TlsSentinel() {
      super("rediss-sentinel");
    }
  }
}

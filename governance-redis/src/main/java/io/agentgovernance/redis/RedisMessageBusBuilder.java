// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.TenantId;
import io.agentgovernance.redis.BusSubscription.Refill;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.SecretSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens a {@link RedisMessageBus}. Not thread safe; reusable. */
public final class RedisMessageBusBuilder {
  private final RedisAddress address;
  private RedisOptions options = RedisOptions.DEFAULT;
  private TenantId tenant = TenantId.DEFAULT;
  private @Nullable SecretSource secrets;
  private Refill refill = Refill.ON;

  RedisMessageBusBuilder(RedisAddress address) {
    this.address = address;
  }

  /** Sets what the URI does not say. If unset, {@link RedisOptions#DEFAULT}. */
  public RedisMessageBusBuilder options(RedisOptions options) {
    this.options = requireNonNull(options, "options");
    return this;
  }

  /** Sets whose runs they are: a part of every key. If unset, the tenant {@code default}. */
  public RedisMessageBusBuilder tenant(TenantId tenant) {
    this.tenant = requireNonNull(tenant, "tenant");
    return this;
  }

  /** Sets where the secret comes from that the URI refers to. If unset, none can be read. */
  public RedisMessageBusBuilder secrets(SecretSource secrets) {
    this.secrets = requireNonNull(secrets, "secrets");
    return this;
  }

  RedisMessageBusBuilder refill(Refill refill) {
    this.refill = refill;
    return this;
  }

  /**
   * Connects.
   *
   * @throws io.agentgovernance.BadInputException if an option makes no sense
   * @throws CoordinationUnavailableException if the server does not answer
   */
  public RedisMessageBus open() {
    try {
      return new RedisMessageBus(
          RedisConnections.open(
              address, options, Optional.ofNullable(secrets), RedisClients::ofOneLoop),
          tenant,
          refill);
    } catch (RedisFailure e) {
      throw new CoordinationUnavailableException(
          "message bus "
              + e.getMessage()
              + ". See that the server is there and that the user may use it.",
          e);
    }
  }
}

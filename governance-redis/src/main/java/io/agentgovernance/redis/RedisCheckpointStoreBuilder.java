// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.TenantId;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.SecretSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens a {@link RedisCheckpointStore}. Not thread safe; reusable. */
public final class RedisCheckpointStoreBuilder {
  private final RedisAddress address;
  private RedisOptions options = RedisOptions.DEFAULT;
  private TenantId tenant = TenantId.DEFAULT;
  private @Nullable SecretSource secrets;

  RedisCheckpointStoreBuilder(RedisAddress address) {
    this.address = address;
  }

  /** Sets what the URI does not say. If unset, {@link RedisOptions#DEFAULT}. */
  public RedisCheckpointStoreBuilder options(RedisOptions options) {
    this.options = requireNonNull(options, "options");
    return this;
  }

  /** Sets whose runs they are: a part of every key. If unset, the tenant {@code default}. */
  public RedisCheckpointStoreBuilder tenant(TenantId tenant) {
    this.tenant = requireNonNull(tenant, "tenant");
    return this;
  }

  /** Sets where the secret comes from that the URI refers to. If unset, none can be read. */
  public RedisCheckpointStoreBuilder secrets(SecretSource secrets) {
    this.secrets = requireNonNull(secrets, "secrets");
    return this;
  }

  /**
   * Connects and asks the server how durable it is.
   *
   * @throws io.agentgovernance.BadInputException if an option makes no sense
   * @throws CheckpointUnavailableException if the server does not answer
   */
  public RedisCheckpointStore open() {
    RedisConnections connections = null;
    try {
      connections = RedisConnections.open(address, options, Optional.ofNullable(secrets));
      RedisCheckpointStore store = new RedisCheckpointStore(connections, tenant);
      connections = null;
      return store;
    } catch (RedisFailure e) {
      throw new CheckpointUnavailableException(
          "checkpoint store "
              + e.getMessage()
              + ". See that the server is there and that the user may use it.",
          e);
    } finally {
      if (connections != null) {
        connections.close();
      }
    }
  }
}

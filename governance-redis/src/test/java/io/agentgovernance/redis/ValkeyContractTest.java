// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.contract.CheckpointStoreContract;
import io.agentgovernance.testkit.contract.MessageBusContract;
import org.junit.jupiter.api.Nested;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** The contracts on Valkey. */
@Testcontainers(disabledWithoutDocker = true)
class ValkeyContractTest {
  private static final int PORT = 6379;

  @Container
  static final GenericContainer<?> VALKEY =
      new GenericContainer<>(DockerImageName.parse("valkey/valkey:8.1")).withExposedPorts(PORT);

  private static String uri() {
    return "redis://" + VALKEY.getHost() + ":" + VALKEY.getMappedPort(PORT);
  }

  @Nested
  class Checkpoints extends CheckpointStoreContract {
    @Override
    protected CheckpointStore open() {
      return RedisCheckpointStore.builder(uri()).open();
    }
  }

  @Nested
  class Bus extends MessageBusContract {
    @Override
    protected MessageBus open() {
      return RedisMessageBus.builder(uri()).open();
    }
  }
}

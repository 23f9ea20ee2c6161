// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.contract.CheckpointStoreContract;
import io.agentgovernance.testkit.contract.MessageBusContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** The contracts on DragonflyDB, which refuses a script that uses a key it did not declare. */
@Testcontainers(disabledWithoutDocker = true)
class DragonflyContractTest {
  private static final int PORT = 6379;

  @Container
  static final GenericContainer<?> DRAGONFLY =
      new GenericContainer<>(
              DockerImageName.parse("docker.dragonflydb.io/dragonflydb/dragonfly:v1.40.1"))
          .withExposedPorts(PORT);

  private static String uri() {
    return "redis://" + DRAGONFLY.getHost() + ":" + DRAGONFLY.getMappedPort(PORT);
  }

  @Test
  void checkpointsOnItAreNotDurable() {
    try (var store = RedisCheckpointStore.builder(uri()).open()) {
      assertThat(store.durability()).isEqualTo(Durability.MEMORY);
    }
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

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.contract.CheckpointStoreContract;
import org.junit.jupiter.api.Nested;

/** The contract of checkpoint stores, on real servers. */
class RedisCheckpointStoreContractTest {

  @Nested
  class OnOneServerWithResp3 extends CheckpointStoreContract {
    @Override
    protected CheckpointStore open() {
      return RedisCheckpointStore.builder(SharedServers.single().uri()).open();
    }
  }

  @Nested
  class OnOneServerWithResp2 extends CheckpointStoreContract {
    @Override
    protected CheckpointStore open() {
      return RedisCheckpointStore.builder(SharedServers.single().uri() + "?protocol=resp2").open();
    }
  }

  @Nested
  class OnACluster extends CheckpointStoreContract {
    @Override
    protected CheckpointStore open() {
      return RedisCheckpointStore.builder(SharedServers.cluster().uri()).open();
    }
  }
}

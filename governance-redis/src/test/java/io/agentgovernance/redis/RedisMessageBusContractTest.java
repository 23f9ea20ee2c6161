// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.testkit.contract.MessageBusContract;
import org.junit.jupiter.api.Nested;

/** The contract of message buses, on real servers. */
class RedisMessageBusContractTest {

  @Nested
  class OnOneServerWithResp3 extends MessageBusContract {
    @Override
    protected MessageBus open() {
      return RedisMessageBus.builder(SharedServers.single().uri()).open();
    }
  }

  @Nested
  class OnOneServerWithResp2 extends MessageBusContract {
    @Override
    protected MessageBus open() {
      return RedisMessageBus.builder(SharedServers.single().uri() + "?protocol=resp2").open();
    }
  }

  @Nested
  class OnACluster extends MessageBusContract {
    @Override
    protected MessageBus open() {
      return RedisMessageBus.builder(SharedServers.cluster().uri()).open();
    }
  }
}

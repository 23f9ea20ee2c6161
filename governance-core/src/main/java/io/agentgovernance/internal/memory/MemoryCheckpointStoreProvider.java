// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.ProviderContext;

/** Opens {@code memory:}. Each opening makes a checkpoint store of its own. Thread safe. */
public final class MemoryCheckpointStoreProvider implements CheckpointStoreProvider {
  /** Made by {@link java.util.ServiceLoader}. */
  public MemoryCheckpointStoreProvider() {}

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public CheckpointStore open(String rest, ProviderContext context) {
    if (!rest.isEmpty()) {
      throw new BadInputException(
          "checkpoints URI",
          "'memory:' and " + rest.length() + " more characters",
          "'memory:'",
          "Remove what follows the colon");
    }
    return new MemoryCheckpointStore();
  }
}

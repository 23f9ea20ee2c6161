// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;

/** Opens {@code memory:}. Each opening makes a coordination store of its own. Thread safe. */
public final class MemoryCoordinationProvider implements CoordinationProvider {
  /** Made by {@link java.util.ServiceLoader}. */
  public MemoryCoordinationProvider() {}

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public Coordination open(String rest, ProviderContext context) {
    if (!rest.isEmpty()) {
      throw new BadInputException(
          "coordination URI",
          "'memory:' and " + rest.length() + " more characters",
          "'memory:'",
          "Remove what follows the colon");
    }
    return new MemoryCoordination(context.time());
  }
}

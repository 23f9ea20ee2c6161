// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.util.ServiceLoader;

/** The library's own stores in memory, opened as the library opens them. */
final class Backends {
  private Backends() {}

  static CheckpointStore checkpoints() {
    return ServiceLoader.load(CheckpointStoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals("memory"))
        .findFirst()
        .orElseThrow()
        .open("", new Context(TimeSource.system()));
  }

  static Coordination coordination(TimeSource time) {
    return ServiceLoader.load(CoordinationProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals("memory"))
        .findFirst()
        .orElseThrow()
        .open("", new Context(time));
  }

  private record Context(TimeSource time) implements ProviderContext {
    @Override
    public ClassLoader classLoader() {
      return Backends.class.getClassLoader();
    }
  }
}

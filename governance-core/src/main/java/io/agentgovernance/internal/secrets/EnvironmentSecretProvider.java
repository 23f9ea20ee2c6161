// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.SecretSourceProvider;

/** Opens {@code env:}, the variables of this process. */
public final class EnvironmentSecretProvider implements SecretSourceProvider {
  @Override
  public String scheme() {
    return "env";
  }

  @Override
  public SecretSource open(ProviderContext context) {
    return SecretSource.environment(System.getenv());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.SecretSourceProvider;
import java.nio.file.Path;

/** Opens {@code file:}, with relative paths from where the process was started. */
public final class FileSecretProvider implements SecretSourceProvider {
  @Override
  public String scheme() {
    return "file";
  }

  @Override
  public SecretSource open(ProviderContext context) {
    return SecretSource.files(Path.of(""));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.Optional;

/** What a plugin is lent. Immutable. */
public record Lent(
    TimeSource time,
    ClassLoader classLoader,
    Optional<SecretSource> secrets,
    Map<String, String> settings,
    Redactor redactor)
    implements ProviderContext {
  /** Keeps a copy of the settings. */
  public Lent {
    settings = Map.copyOf(settings);
  }

  /** Returns the same with other secrets. */
  Lent with(SecretSource other) {
    return new Lent(time, classLoader, Optional.of(other), settings, redactor);
  }
}

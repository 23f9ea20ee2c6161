// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.secret.Redactor;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.Optional;

/**
 * What the host lends to a plugin when it is opened. The runtime implements it; thread safe. It
 * grows only by default methods.
 */
public interface ProviderContext {
  /** Returns the time source for every wait. */
  TimeSource time();

  /** Returns the class loader for resources and for further plugins. */
  ClassLoader classLoader();

  /**
   * Returns where secrets come from that a URI refers to. Empty only for a plugin that is opened
   * without an orchestrator.
   */
  default Optional<SecretSource> secrets() {
    return Optional.empty();
  }

  /**
   * Returns what takes secrets out of texts. Secrets that were read from {@link #secrets} are known
   * to it; a plugin has it know others it gets, such as tokens it logs in for, and passes through
   * it what others wrote before it logs or quotes that.
   */
  default Redactor redactor() {
    return Redactor.standard();
  }

  /** Returns the host's settings by name, without secrets. Default: none. */
  default Map<String, String> settings() {
    return Map.of();
  }
}

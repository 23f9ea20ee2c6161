// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.secret.Secret;

/**
 * Where secrets come from. URIs given to the builder name them by reference, such as {@code
 * vault:services/dragonfly}; the value never appears in a URI.
 *
 * <p>Thread safe. May block for the backend's timeout, never longer.
 */
@FunctionalInterface
public interface SecretSource {

  /**
   * Reads a secret; the caller closes it.
   *
   * @param reference the reference, with its scheme
   * @throws io.agentgovernance.GovernanceException if it cannot be read; what needs it is then
   *     denied
   */
  Secret read(String reference);
}

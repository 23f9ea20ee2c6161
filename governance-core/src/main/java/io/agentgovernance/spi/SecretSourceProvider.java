// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

/**
 * Makes the secret source of one scheme, such as {@code vault:}. Found with {@link
 * java.util.ServiceLoader}; needs a public constructor without parameters. Thread safe.
 */
public interface SecretSourceProvider {
  /** Returns the scheme of the references it reads, in lower case, without the colon. */
  String scheme();

  /**
   * Opens the source, when the first reference of its scheme is read. The orchestrator closes it.
   *
   * @param context what the host lends to plugins; its secrets are those of the other schemes
   * @throws io.agentgovernance.GovernanceException if what it needs is not configured
   */
  SecretSource open(ProviderContext context);
}

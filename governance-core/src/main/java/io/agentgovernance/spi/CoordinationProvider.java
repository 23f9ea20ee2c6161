// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

/**
 * Opens a {@link Coordination} by URI. Register implementations for {@link java.util.ServiceLoader}
 * in {@code META-INF/services/io.agentgovernance.spi.CoordinationProvider}.
 */
public interface CoordinationProvider {

  /** The URI scheme it answers to, in lower case, without the colon. */
  String scheme();

  /**
   * Opens it. The orchestrator that was given the URI closes it.
   *
   * @param rest everything after the first colon of the URI
   * @param context what the host lends to plugins
   * @throws io.agentgovernance.BadInputException if {@code rest} names nothing it can open
   */
  Coordination open(String rest, ProviderContext context);
}

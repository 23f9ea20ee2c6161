// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.secret.Secret;

/**
 * Gives each agent short-lived credentials of its own, with the rights of its tier. An agent never
 * sees them: its tools read secrets with them.
 *
 * <p>Thread safe. {@link #issue} may block for the backend's timeout, never longer.
 */
@FunctionalInterface
public interface TierCredentials {

  /**
   * Issues the credentials of one agent, when one of its tools reads the first secret.
   *
   * @throws io.agentgovernance.secret.SecretUnavailableException if there are none; the tool gets
   *     no secret then
   */
  Credential issue(RunId run, AgentId agent, TrustTier tier);

  /** The credentials of one agent. Thread safe. */
  interface Credential extends AutoCloseable {

    /**
     * Says whether secrets of this reference are read with these credentials. Others are read as
     * the orchestrator reads them.
     */
    boolean reads(String reference);

    /**
     * Reads a secret with the rights of the agent's tier; the caller closes it.
     *
     * @throws io.agentgovernance.secret.SecretUnavailableException if it may not or cannot be read
     */
    Secret read(String reference);

    /**
     * Has the credentials be of no more use. Called when the agent has ended (completed, failed,
     * stopped, out of time, or revoked), when its tier changes, and at the end of its run.
     * Idempotent; may block for the backend's timeout; what fails is logged by the implementation,
     * because the credentials expire soon by themselves.
     */
    @Override
    void close();
  }
}

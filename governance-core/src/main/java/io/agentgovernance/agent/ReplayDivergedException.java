// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.GovernanceException;

/**
 * A body that was run again asked for something else than the first time: it is not deterministic
 * between its recorded calls.
 */
public final class ReplayDivergedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  public ReplayDivergedException(
      String agent, String phase, int ordinal, String recorded, String attempted) {
    super(
        "agent '"
            + agent
            + "', phase "
            + phase
            + ", call "
            + ordinal
            + ": recorded "
            + recorded
            + " but the body now asks for "
            + attempted
            + ". Bodies must be deterministic between recorded calls; take time and randomness"
            + " from the context and put other sources into ctx.step(…).");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.core.RunId;

/** Another process has taken the run over; nothing was remembered. */
public final class StaleEpochException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  public StaleEpochException(RunId run, long found, long current) {
    super(
        "run '"
            + run
            + "': epoch "
            + found
            + " is stale, the current one is "
            + current
            + ". Another process has taken the run over; let it.");
  }
}

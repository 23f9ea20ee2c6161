// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;

/** Nothing new is begun while a part that is needed does not work; nothing was changed. */
public final class UnhealthyException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final Component component;

  /** Says which part. */
  public UnhealthyException(ComponentHealth found) {
    super(
        "Orchestrator: found "
            + requireNonNull(found, "found").component()
            + " "
            + found.state()
            + " since "
            + found.since()
            + " ("
            + found.lastFailure()
            + "), expected it to work before a run is begun. Repair it, or try again later;"
            + " Orchestrator.health() says when it works again.");
    this.component = found.component();
  }

  /** The part. */
  public Component component() {
    return component;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}

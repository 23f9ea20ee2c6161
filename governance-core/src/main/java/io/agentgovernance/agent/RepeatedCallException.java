// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.GovernanceException;

/** The same call with the same input twice in a row: a loop. It was not made again. */
public final class RepeatedCallException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String action;

  public RepeatedCallException(String action) {
    super(
        action
            + " was called twice in a row with the same input; the second call was not made."
            + " Use the first result, or change the input.");
    this.action = action;
  }

  /** Kind and target of the call. */
  public String action() {
    return action;
  }
}

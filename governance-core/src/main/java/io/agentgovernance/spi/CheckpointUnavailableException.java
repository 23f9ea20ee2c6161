// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/** The checkpoint store did not take the deltas; none of them is remembered. */
public class CheckpointUnavailableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  public CheckpointUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }
}

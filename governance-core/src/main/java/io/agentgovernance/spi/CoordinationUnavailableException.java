// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * The coordination store did not answer; whether a command took effect is unknown until retried.
 */
public final class CoordinationUnavailableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  public CoordinationUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public boolean retryable() {
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/** Stands for an exception whose message, or that of a cause, held a secret. */
final class CleanThrowable extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final boolean retryable;

  CleanThrowable(Throwable original, @Nullable String message, @Nullable Throwable cause) {
    super(message == null ? "" : message, cause);
    this.type = original.getClass().getName();
    this.retryable = original instanceof GovernanceException known && known.retryable();
    setStackTrace(original.getStackTrace());
  }

  @Override
  public boolean retryable() {
    return retryable;
  }

  @Override
  @SuppressWarnings("OverrideThrowableToString") // it is printed as what it stands for
  public String toString() {
    String message = getMessage();
    return message == null || message.isEmpty() ? type : type + ": " + message;
  }
}

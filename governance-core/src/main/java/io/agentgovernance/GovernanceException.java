// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception this library throws on purpose.
 *
 * <p>A subclass exists where a caller would act differently, and carries typed accessors. Messages
 * say where, what was found, what was expected and what to do; they never hold a secret or the text
 * of a prompt. Instances are immutable apart from what {@link Throwable} allows.
 */
public class GovernanceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception without a cause. */
  public GovernanceException(String message) {
    super(message);
  }

  /** Makes an exception that keeps its cause, if there is one. */
  public GovernanceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Says whether the same call may succeed when it is made again unchanged. False unless a subclass
   * knows better.
   */
  public boolean retryable() {
    return false;
  }
}

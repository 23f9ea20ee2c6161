// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * The coordination store did not answer in time. {@link #outcome()} says whether the command may
 * have taken effect; giving the same command again does no harm in either case.
 */
public final class CoordinationUnavailableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  /** What is known of a command that was not answered. */
  public enum Outcome {
    /** It was sent: it may have taken effect, or may still do. */
    UNKNOWN,
    /** It was not sent and will not be. */
    NONE
  }

  /** A call of which it is not known whether it took effect. */
  public CoordinationUnavailableException(String message, @Nullable Throwable cause) {
    this(message, cause, Outcome.UNKNOWN);
  }

  /** A call of which it is known, or not, that it took no effect. */
  public CoordinationUnavailableException(
      String message, @Nullable Throwable cause, Outcome outcome) {
    super(message, cause);
    this.outcome = requireNonNull(outcome, "outcome");
  }

  /** Returns whether the command may have taken effect. */
  public Outcome outcome() {
    return outcome;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A run got no threads: it was not started, and nothing of it happened.
 *
 * <p>Retryable, later, if the queue was full; the other reasons need somebody to change something.
 */
public class AdmissionRefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  /** Why a run got no threads. */
  public enum Reason {
    /** As many runs wait as may wait. */
    QUEUE_FULL,
    /** The team needs more threads than there are. */
    TEAM_TOO_LARGE,
    /** The host's own executor took no task. */
    EXECUTOR_REFUSED,
    /** The orchestrator is being closed. */
    CLOSED
  }

  private final Reason reason;

  /**
   * Makes an exception.
   *
   * @param reason why
   * @param message what was found, what the limit is, and what to do
   */
  public AdmissionRefusedException(Reason reason, String message) {
    this(reason, message, null);
  }

  /** As the other constructor, keeping the exception that led to this one. */
  public AdmissionRefusedException(Reason reason, String message, @Nullable Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /** Returns why the run got no threads. */
  public Reason reason() {
    return reason;
  }

  @Override
  public boolean retryable() {
    return reason == Reason.QUEUE_FULL;
  }
}

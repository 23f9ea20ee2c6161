// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.RunId;

/** A run cannot be resumed; nothing was changed and no model was called. */
public final class ResumeRefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final Reason reason;

  /** Why a run cannot be resumed. */
  public enum Reason {
    /** The checkpoint store knows no run of that id. */
    UNKNOWN_RUN,
    /** A live process is at it, or was faster. */
    BUSY,
    /** The team is not the one the run was started with. */
    DEFINITION_CHANGED,
    /** The code of an agent has another version than when the agent began. */
    VERSION_CHANGED,
    /** There is no code for one of its agents. */
    UNKNOWN_AGENT
  }

  /**
   * Says why.
   *
   * @param found what is in the way
   * @param advice what to do
   */
  public ResumeRefusedException(RunId run, Reason reason, String found, String advice) {
    super("run '" + run + "' cannot be resumed (" + reason + "): " + found + ". " + advice);
    this.run = run.value();
    this.reason = requireNonNull(reason, "reason");
  }

  /** The run. */
  public RunId run() {
    return new RunId(run);
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Whether the same call may succeed later. */
  @Override
  public boolean retryable() {
    return reason == Reason.BUSY;
  }
}

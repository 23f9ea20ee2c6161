// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.RunId;

/** A run cannot be joined; nothing was changed and no model was called. */
public final class JoinRefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String run;
  private final Reason reason;

  /** Why a run cannot be joined. */
  public enum Reason {
    /** The coordination store is not one that hosts share. */
    NOT_SHARED,
    /** The coordination store knows no run of that id. */
    UNKNOWN_RUN,
    /** The run has ended. */
    ENDED,
    /** This orchestrator is at the run already. */
    ALREADY_HERE,
    /** The team is not the one the run was started with. */
    DEFINITION_CHANGED,
    /** A role is not of the team, or the run has not spawned it in time. */
    UNKNOWN_ROLE,
    /** Somebody runs the role. */
    ROLE_TAKEN
  }

  /**
   * Says why.
   *
   * @param found what is in the way
   * @param advice what to do
   */
  public JoinRefusedException(RunId run, Reason reason, String found, String advice) {
    super("run '" + run + "' cannot be joined (" + reason + "): " + found + ". " + advice);
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
    return reason == Reason.UNKNOWN_RUN || reason == Reason.ROLE_TAKEN;
  }
}

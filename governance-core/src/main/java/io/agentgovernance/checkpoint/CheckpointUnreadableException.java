// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.GovernanceException;

/** What was remembered of a run cannot be read, or does not fit together; nothing was changed. */
public final class CheckpointUnreadableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param where which run, and where in what it remembered
   * @param found what is there
   * @param expected what should be
   * @param advice what to do
   */
  public CheckpointUnreadableException(String where, String found, String expected, String advice) {
    super(where + ": found " + found + ", expected " + expected + ". " + advice);
  }
}

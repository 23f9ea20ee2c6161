// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * What was remembered of a run cannot be read, or does not fit together; nothing was changed. This
 * version cannot resume the run; other runs are not concerned.
 *
 * <p>Not retryable. The message is made of its parts and shows no text of the run.
 */
public final class CheckpointUnreadableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String found;
  private final String expected;

  /**
   * Says what is wrong.
   *
   * @param where which run, and where in what it remembered
   * @param found what is there
   * @param expected what should be
   * @param advice what to do
   */
  public CheckpointUnreadableException(String where, String found, String expected, String advice) {
    this(where, found, expected, advice, null);
  }

  /** The same, keeping the exception that led to this one. */
  public CheckpointUnreadableException(
      String where, String found, String expected, String advice, @Nullable Throwable cause) {
    super(where + ": found " + found + ", expected " + expected + ". " + advice, cause);
    this.where = requireNonNull(where, "where");
    this.found = requireNonNull(found, "found");
    this.expected = requireNonNull(expected, "expected");
  }

  /** Returns which run it is, and where in what it remembered. */
  public String where() {
    return where;
  }

  /** Returns what is there, in words that give no text of the run away. */
  public String found() {
    return found;
  }

  /** Returns what should be there. */
  public String expected() {
    return expected;
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import io.agentgovernance.GovernanceException;

/** A blackboard write that expected another version than it found. */
public final class VersionConflictException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final long expected;
  private final long found;
  private final String writer;

  public VersionConflictException(String key, long expected, long found, String writer) {
    super(
        "blackboard key '"
            + key
            + "': expected version "
            + expected
            + " but found "
            + found
            + (writer.isEmpty() ? "" : " (written by agent '" + writer + "')")
            + ". Re-read the entry and try again.");
    this.key = key;
    this.expected = expected;
    this.found = found;
    this.writer = writer;
  }

  @Override
  public boolean retryable() {
    return true;
  }

  /** The key. */
  public String key() {
    return key;
  }

  /** The version the writer expected. */
  public long expected() {
    return expected;
  }

  /** Who wrote the version that was there; empty if the key was absent. */
  public String writer() {
    return writer;
  }

  /** The version that was there. */
  public long found() {
    return found;
  }
}

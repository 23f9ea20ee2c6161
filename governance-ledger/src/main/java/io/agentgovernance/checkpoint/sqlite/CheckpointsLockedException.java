// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.spi.CheckpointUnavailableException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Another process has the checkpoint store open. Retryable: it may close it. Instances are
 * immutable apart from what {@link Throwable} allows.
 */
public final class CheckpointsLockedException extends CheckpointUnavailableException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long pid;

  CheckpointsLockedException(Path file, long pid, String holder) {
    super(
        "checkpoint store %s: locked by %s. One process has it open at a time, because its runs are at work there: stop that one, or give this one a file of its own."
            .formatted(file, holder),
        null);
    this.file = requireNonNull(file, "file").toString();
    this.pid = pid;
  }

  /** Returns the store's file. */
  public Path file() {
    return Path.of(file);
  }

  /** Returns the process that holds the store; empty if it did not say. */
  public OptionalLong pid() {
    return pid < 0 ? OptionalLong.empty() : OptionalLong.of(pid);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;

/** Opens a {@link SqliteCheckpointStore}. Not thread safe; reusable. */
public final class SqliteCheckpointStoreBuilder {
  static final int DEFAULT_KEEP_RUNS = 1_000;
  static final Duration DEFAULT_KEEP_FOR = Duration.ofDays(30);

  private final Path file;
  private Durability durability = Durability.DURABLE;
  private int keepRuns = DEFAULT_KEEP_RUNS;
  private Duration keepFor = DEFAULT_KEEP_FOR;
  private TimeSource time = TimeSource.system();
  private Probe probe = Probe.NONE;

  SqliteCheckpointStoreBuilder(Path file) {
    this.file = requireNonNull(file, "file");
  }

  /**
   * Sets how many runs that have ended stay readable; the oldest go first. Runs that have not ended
   * stay, however many there are. If unset, {@value #DEFAULT_KEEP_RUNS}.
   *
   * @throws IllegalArgumentException if negative
   */
  public SqliteCheckpointStoreBuilder keepRuns(int runs) {
    if (runs < 0) {
      throw new IllegalArgumentException("keepRuns must be >= 0 but was " + runs);
    }
    this.keepRuns = runs;
    return this;
  }

  /**
   * Sets how long runs that have ended stay readable at most. They are looked at when the store is
   * opened and when a run ends. If unset, 30 days.
   *
   * @throws IllegalArgumentException if negative
   */
  public SqliteCheckpointStoreBuilder keepFor(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("keepFor must not be negative but was " + time);
    }
    this.keepFor = time;
    return this;
  }

  /**
   * Acknowledges what survives the death of this process, but not a power loss or a crash of the
   * operating system: faster where a disk is slow to confirm. If unset, deltas are on stable
   * storage before they are acknowledged.
   */
  public SqliteCheckpointStoreBuilder processCrashOnly() {
    this.durability = Durability.PROCESS_CRASH;
    return this;
  }

  /** Sets the time source for waits and for the age of runs. If unset, the real time. */
  public SqliteCheckpointStoreBuilder time(TimeSource time) {
    this.time = requireNonNull(time, "time");
    return this;
  }

  SqliteCheckpointStoreBuilder probe(Probe probe) {
    this.probe = probe;
    return this;
  }

  /**
   * Opens the store; makes the file if there is none, for its owner only. Blocks for files and
   * locks.
   *
   * @throws io.agentgovernance.BadInputException if the path cannot be used, or the store is open
   *     in this process with other settings
   * @throws CheckpointsLockedException if another process has it open
   * @throws io.agentgovernance.spi.CheckpointUnavailableException if it cannot be opened
   */
  public SqliteCheckpointStore open() {
    return new SqliteCheckpointStore(
        SharedStore.open(file, new StoreSettings(durability, keepRuns, keepFor, time, probe)));
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.internal.sqlite.WriteQueue;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.time.TimeSource;

/** What waits to be written to a checkpoint store. Thread safe. */
final class StoreQueue extends WriteQueue<Work<?>> {
  private final String store;

  StoreQueue(String store, TimeSource time) {
    super(time);
    this.store = store;
  }

  @Override
  protected int sizeOf(Work<?> work) {
    return work.bytes();
  }

  @Override
  protected CheckpointUnavailableException busy(String why, int items, long bytes) {
    return new CheckpointUnavailableException(
        "checkpoint store %s: %s; %d appends of %d bytes wait to be written. Try again, start fewer runs at a time, or use a faster disk."
            .formatted(store, why, items, bytes),
        null);
  }

  @Override
  protected CheckpointUnavailableException closed() {
    return new CheckpointUnavailableException(
        "checkpoint store %s is closed. Open it again.".formatted(store), null);
  }
}

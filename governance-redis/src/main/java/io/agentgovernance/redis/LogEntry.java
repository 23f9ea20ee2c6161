// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import java.util.List;

/**
 * One change as the log keeps it.
 *
 * @param json the change, as {@link DeltaJson} writes it
 * @param batch the batch it came in
 */
record LogEntry(String json, String batch) {

  /** The changes of a batch, whose JSON is one in a line. */
  static List<LogEntry> all(String texts, String batch) {
    return texts.lines().map(json -> new LogEntry(json, batch)).toList();
  }

  /**
   * Reads it.
   *
   * @throws CheckpointUnreadableException if it is no change
   */
  Delta.Changed read(RunId run, long sequence) {
    Delta delta = DeltaJson.read(run, sequence, json);
    if (delta instanceof Delta.Changed changed) {
      return changed;
    }
    throw new CheckpointUnreadableException(
        "run '" + run + "', change " + sequence,
        delta.getClass().getSimpleName(),
        "a change",
        "The log in Redis was written by something else; resume the run from its checkpoints.");
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;

/**
 * A named point of a run: everything up to a change is remembered.
 *
 * @param run the run
 * @param sequence the last change it covers
 * @param at when
 * @param status the run's status then
 * @param detail what is worth telling at this point, such as the failures of a failed run
 */
public record Checkpoint(
    RunId run, long sequence, Instant at, PipelineStatus status, Payload detail) {
  public Checkpoint {
    requireNonNull(run, "run");
    requireNonNull(at, "at");
    requireNonNull(status, "status");
    requireNonNull(detail, "detail");
  }
}

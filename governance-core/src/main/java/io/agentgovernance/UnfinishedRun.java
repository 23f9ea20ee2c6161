// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.RunId;
import java.time.Instant;

/**
 * A run that was started and has not ended.
 *
 * @param run the run
 * @param objective what it is to reach
 * @param startedAt when it was started
 * @param held whether a live process is at it
 */
public record UnfinishedRun(RunId run, String objective, Instant startedAt, boolean held) {
  public UnfinishedRun {
    requireNonNull(run, "run");
    requireNonNull(objective, "objective");
    requireNonNull(startedAt, "startedAt");
  }
}

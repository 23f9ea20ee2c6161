// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a stage of a pipeline went. Immutable and thread safe; each step of a stage's life makes a
 * new one.
 *
 * @param stage the stage's name
 * @param status how it is doing
 * @param outputs what it produced, by name, in order
 * @param error what went wrong, without secrets; null if nothing did
 * @param attempts how often it was started
 * @param started when it was last started; null if never
 * @param ended when it ended; null while it has not
 */
public record StageResult(
    String stage,
    StageStatus status,
    Map<String, Payload> outputs,
    @Nullable String error,
    int attempts,
    @Nullable Instant started,
    @Nullable Instant ended) {
  /** Copies the outputs and checks the attempts. */
  public StageResult {
    requireNonNull(stage, "stage");
    requireNonNull(status, "status");
    outputs = Wire.copy(outputs);
    if (attempts < 0) {
      throw new BadInputException(
          "stage " + Wire.quoted(stage), attempts + " attempts", "0 or more", "Count from 0");
    }
  }

  /** Makes the result of a stage that has not started. */
  public static StageResult pending(String stage) {
    return new StageResult(stage, StageStatus.PENDING, Map.of(), null, 0, null, null);
  }

  /** Returns this stage after one more start. */
  public StageResult start(Instant at) {
    return new StageResult(stage, StageStatus.RUNNING, outputs, null, attempts + 1, at, null);
  }

  /** Returns this stage waiting for a person. */
  public StageResult waiting() {
    return new StageResult(stage, StageStatus.WAITING, outputs, error, attempts, started, null);
  }

  /** Returns this stage ended regularly. */
  public StageResult complete(Map<String, Payload> produced, Instant at) {
    return new StageResult(stage, StageStatus.COMPLETED, produced, null, attempts, started, at);
  }

  /**
   * Returns this stage ended otherwise.
   *
   * @throws BadInputException if the status is not terminal
   */
  public StageResult end(StageStatus as, @Nullable String why, Instant at) {
    if (!as.isTerminal()) {
      throw new BadInputException(
          "end of stage " + Wire.quoted(stage),
          as.wireName(),
          "a status that ends a stage",
          "Use one of COMPLETED, FAILED, SKIPPED, TIMED_OUT, CANCELLED");
    }
    return new StageResult(stage, as, outputs, why, attempts, started, at);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.core.RunId;

/**
 * The coordination store answers, but has lost the run or changes it had acknowledged: it was
 * emptied, or went back to an older copy. Nothing was changed.
 *
 * <p>Not retryable: make the state again with {@link Coordination#restore}, which resuming the run
 * from its checkpoints does.
 */
public final class StateLostException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String run;

  /**
   * Says what is missing.
   *
   * @param run whose state it is
   * @param found what the store still has, without any text of the run
   */
  public StateLostException(RunId run, String found) {
    super(
        "run '"
            + run
            + "': found "
            + requireNonNull(found, "found")
            + ", expected every change that was acknowledged. The coordination store lost it:"
            + " resume the run from its checkpoints, and let the store keep what it acknowledges"
            + " (Redis: appendonly yes).");
    this.run = run.value();
  }

  /** Returns whose state it is. */
  public RunId run() {
    return RunId.of(run);
  }
}

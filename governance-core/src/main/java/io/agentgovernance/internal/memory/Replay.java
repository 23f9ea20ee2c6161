// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;

/**
 * Makes the changes of a run again from the commands it remembered, with what each gave and brought
 * about. Confined to one thread.
 */
public final class Replay {
  private final RunMachine machine;

  /** Begins with a run that was just started. */
  public Replay(RunTerms terms) {
    this.machine = new RunMachine(terms, (resource, token) -> false);
  }

  /**
   * Applies the command that comes next.
   *
   * @throws io.agentgovernance.checkpoint.CheckpointUnreadableException if it cannot have taken
   *     effect here
   */
  public Change next(Delta.Changed remembered) {
    return machine.again(remembered.sequence(), remembered.at(), remembered.command());
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.RunId;

/**
 * Lets go of what the stores hold of runs that are over in this process. Thread safe; may wait for
 * the stores.
 */
final class EndedRuns {
  private final Services services;
  private final LiveRuns runs;

  EndedRuns(Services services, LiveRuns runs) {
    this.services = services;
    this.runs = runs;
  }

  /** A run is over here: for good, or to be gone on with elsewhere. */
  void over(RunCoordinator coordinator) {
    RunId id = coordinator.run().terms().run();
    try {
      if (coordinator.superseded()) {
        coordinator.run().store().detach(); // the state is somebody else's now
      } else {
        services.coordination().release(id);
      }
    } catch (RuntimeException e) { // else the run would never be over here
      coordinator.run().evidence().warn("its state could not be let go of: " + e.getMessage());
    }
    MessageBus bus = services.bus();
    if (bus != null && coordinator.conclusion().isFinal()) {
      try {
        bus.release(id);
      } catch (RuntimeException e) {
        coordinator.run().evidence().warn("its messages stay for now: " + e.getMessage());
      }
    }
    for (RunId forgotten : runs.over(id)) {
      services.ledger().release(services.tenant(), forgotten);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.spi.RunStore;
import java.util.Optional;

/** How a run comes to be coordinated by this process, be it new or taken up. Thread safe. */
record Entrance(Services services, LiveRuns runs, EndedRuns ended) {

  /** Takes the lease of a run's coordinator, if it is free. Waits for the store. */
  Optional<Held> lead(RunStore store, long epoch) {
    String owner = store.terms().run() + "/" + epoch;
    return services.leases().acquire(store, Lease.COORDINATOR, owner);
  }

  RunCoordinator coordinator(RunParts parts, Team members, Held lease) {
    return new RunCoordinator(parts, members, lease, ended::over);
  }

  /** Has a run go on here from now on, with all who listen to it. */
  RunHandle admit(RunCoordinator coordinator) {
    RunHandle handle = new RunHandle(coordinator);
    coordinator.follow();
    if (!runs.add(handle)) {
      coordinator.unfollow();
      throw RunStarter.closed();
    }
    coordinator.watchLease();
    for (EventListener listener : services.listeners()) {
      AutoCloseable unused = handle.subscribe(listener);
    }
    return handle;
  }
}

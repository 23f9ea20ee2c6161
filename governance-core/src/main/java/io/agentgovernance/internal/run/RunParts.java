// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.RunRequest;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;

/**
 * What a run is put together from.
 *
 * @param complexity the score of its objective
 * @param usedTime active time it used before, in another process
 * @param limit how much active time it has, with what it used before
 */
record RunParts(
    Services services,
    RunRequest request,
    RunTerms terms,
    RunStore store,
    Evidence evidence,
    RunMemory memory,
    EventLog events,
    double complexity,
    Duration usedTime,
    Duration limit) {

  RunContext context(RunCoordinator coordinator) {
    StuckClock stuck =
        new StuckClock(
            services.time(),
            services.control(),
            services.tuning().stuckThreshold(),
            () -> coordinator.post(() -> coordinator.mediations().stuck()));
    ActiveClock active =
        new ActiveClock(
            services.time(),
            services.control(),
            limit,
            usedTime,
            () -> coordinator.stops().deadline());
    memory.times(active::used);
    return new RunContext(
        services,
        request,
        terms,
        store,
        new RunView(store, evidence),
        evidence,
        memory,
        events,
        stuck,
        active,
        new Denials(),
        new SpendWatch(),
        coordinator);
  }
}

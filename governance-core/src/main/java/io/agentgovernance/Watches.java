// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.core.RunId;
import io.agentgovernance.health.Component;
import io.agentgovernance.internal.health.HealthBook;
import io.agentgovernance.internal.health.WatchedCheckpoints;
import io.agentgovernance.internal.health.WatchedCoordination;
import io.agentgovernance.internal.health.WatchedLedger;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.util.Optional;

/**
 * Puts watches around stores, so that the health of an orchestrator tells how they are doing. What
 * is in memory does not fail, and costs nothing to watch if it is not. Immutable; used by the
 * thread that builds.
 */
record Watches(HealthBook health) {
  /** A run there is not, asked for to see whether a store works. */
  private static final RunId PROBE = RunId.of("health-probe");

  Coordination on(Coordination coordination) {
    if (coordination instanceof MemoryCoordination) {
      return coordination;
    }
    Coordination watched = new WatchedCoordination(coordination, health);
    health.probe(
        Component.COORDINATION,
        () -> {
          Optional<RunStore> unused = watched.attach(PROBE);
        });
    return watched;
  }

  CheckpointStore on(CheckpointStore checkpoints) {
    if (checkpoints instanceof MemoryCheckpointStore) {
      return checkpoints;
    }
    CheckpointStore watched = new WatchedCheckpoints(checkpoints, health);
    health.probe(
        Component.CHECKPOINTS,
        () -> {
          long unused = watched.epoch(PROBE);
        });
    return watched;
  }

  AuditLedger on(AuditLedger ledger) {
    return ledger instanceof MemoryLedger ? ledger : new WatchedLedger(ledger, health);
  }
}

// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A checkpoint store in memory that shows what was appended. Thread safe. */
final class RecordedCheckpoints extends ForwardingCheckpointStore {
  private final List<Delta> appended = new CopyOnWriteArrayList<>();
  private final List<List<Delta>> batches = new CopyOnWriteArrayList<>();
  private final Durability durability;

  RecordedCheckpoints() {
    this(Durability.MEMORY);
  }

  /** A store that says it is as durable as this. */
  RecordedCheckpoints(Durability durability) {
    super(Backends.checkpoints());
    this.durability = durability;
  }

  /** What was appended, each time: a crash comes between two of them. */
  List<List<Delta>> batches() {
    return List.copyOf(batches);
  }

  List<Delta> appended() {
    return List.copyOf(appended);
  }

  List<AgentPhase> finishedPhases() {
    return appended.stream()
        .filter(Delta.Changed.class::isInstance)
        .map(delta -> ((Delta.Changed) delta).command())
        .filter(Command.FinishPhase.class::isInstance)
        .map(command -> ((Command.FinishPhase) command).output().phase())
        .toList();
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    synchronized (batches) {
      super.append(run, epoch, deltas);
      batches.add(List.copyOf(deltas));
    }
    appended.addAll(deltas);
  }

  @Override
  public Durability durability() {
    return durability;
  }
}

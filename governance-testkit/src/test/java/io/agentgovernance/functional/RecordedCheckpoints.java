// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** A checkpoint store in memory that shows what was appended. Thread safe. */
final class RecordedCheckpoints implements CheckpointStore {
  private final CheckpointStore real = Backends.checkpoints();
  private final List<Delta> appended = new CopyOnWriteArrayList<>();
  private final List<List<Delta>> batches = new CopyOnWriteArrayList<>();
  private final Durability durability;

  RecordedCheckpoints() {
    this(Durability.MEMORY);
  }

  /** A store that says it is as durable as this. */
  RecordedCheckpoints(Durability durability) {
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
  public OptionalLong claim(RunId run, long expected) {
    return real.claim(run, expected);
  }

  @Override
  public long epoch(RunId run) {
    return real.epoch(run);
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    synchronized (batches) {
      real.append(run, epoch, deltas);
      batches.add(List.copyOf(deltas));
    }
    appended.addAll(deltas);
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    return real.read(run, skip, limit);
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    return real.latest(run);
  }

  @Override
  public void finish(RunId run, long epoch) {
    real.finish(run, epoch);
  }

  @Override
  public void release(RunId run, long epoch) {
    real.release(run, epoch);
  }

  @Override
  public boolean held(RunId run) {
    return real.held(run);
  }

  @Override
  public List<RunId> unfinished(int limit) {
    return real.unfinished(limit);
  }

  @Override
  public Durability durability() {
    return durability;
  }

  @Override
  public void close() {
    real.close();
  }
}

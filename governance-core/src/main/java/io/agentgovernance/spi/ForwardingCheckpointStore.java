// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A checkpoint store that passes every call on to another: the base of one that changes a few. A
 * method that is added to {@link CheckpointStore} is passed on here, too. Thread safe if the other
 * is. An append that is begun goes the way of {@link #append}, and is waited for, so that who
 * changes that one changes both.
 */
public abstract class ForwardingCheckpointStore implements CheckpointStore {
  private final CheckpointStore real;

  /** Passes on to this one, and closes it when it is closed. */
  protected ForwardingCheckpointStore(CheckpointStore real) {
    this.real = requireNonNull(real, "real");
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
    real.append(run, epoch, deltas);
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
    return real.durability();
  }

  @Override
  public void close() {
    real.close();
  }
}

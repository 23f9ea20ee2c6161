// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that forgets, so that the runtime can be measured without one. Thread safe. */
final class DiscardingCheckpoints implements CheckpointStore {

  private static final OptionalLong FIRST = OptionalLong.of(1);

  @Override
  public OptionalLong claim(RunId run, long expected) {
    return FIRST;
  }

  @Override
  public long epoch(RunId run) {
    return 1;
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {}

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    return List.of();
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    return Optional.empty();
  }

  @Override
  public void finish(RunId run, long epoch) {}

  @Override
  public void release(RunId run, long epoch) {}

  @Override
  public boolean held(RunId run) {
    return false;
  }

  @Override
  public List<RunId> unfinished(int limit) {
    return List.of();
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public void close() {}
}

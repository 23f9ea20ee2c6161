// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.health.Component;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A checkpoint store of which every call is counted. Thread safe. */
public final class WatchedCheckpoints implements CheckpointStore {
  private final CheckpointStore real;
  private final Watch watch;

  public WatchedCheckpoints(CheckpointStore real, HealthBook book) {
    this.real = real;
    this.watch =
        new Watch(book, Component.CHECKPOINTS, e -> e instanceof CheckpointUnavailableException);
  }

  @Override
  public OptionalLong claim(RunId run, long expected) {
    return watch.call(() -> real.claim(run, expected));
  }

  @Override
  public long epoch(RunId run) {
    return watch.call(() -> real.epoch(run));
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    watch.run(() -> real.append(run, epoch, deltas));
  }

  @Override
  public Appending begin(
      RunId run, long epoch, List<Delta> deltas, Consumer<@Nullable RuntimeException> told) {
    try {
      return real.begin(
          run,
          epoch,
          deltas,
          why -> {
            watch.count(why);
            told.accept(why);
          });
    } catch (RuntimeException e) {
      watch.count(e);
      throw e;
    }
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    return watch.call(() -> real.read(run, skip, limit));
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    return watch.call(() -> real.latest(run));
  }

  @Override
  public void finish(RunId run, long epoch) {
    watch.run(() -> real.finish(run, epoch));
  }

  @Override
  public void release(RunId run, long epoch) {
    watch.run(() -> real.release(run, epoch));
  }

  @Override
  public boolean held(RunId run) {
    return watch.call(() -> real.held(run));
  }

  @Override
  public List<RunId> unfinished(int limit) {
    return watch.call(() -> real.unfinished(limit));
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
